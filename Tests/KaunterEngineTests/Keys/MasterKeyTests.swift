import Foundation
import KaunterEngine
import Testing

@Suite("The master key")
struct MasterKeyTests {
    let key: MasterKey

    init() throws {
        key = try MasterKey.generate { [UInt8](0..<UInt8($0)) }
    }

    @Test("a secret is sealed under a fresh nonce and opens again")
    func roundTrip() throws {
        for secret in [[], [0], Array("päss".utf8), systemRandom(MasterKey.secretBytes)] {
            let first = try key.seal(secret, context: "a")
            let second = try key.seal(secret, context: "a")
            #expect(first != second)
            #expect(first.hasPrefix("1:\(key.id):"))
            #expect(try key.open(first, context: "a") == secret)
            #expect(try key.open(second, context: "a") == secret)
        }
    }

    @Test("a secret that is too long is not sealed")
    func tooLong() {
        #expect(throws: MasterKeyFault.notSealable) {
            try key.seal(systemRandom(MasterKey.secretBytes + 1), context: "a")
        }
    }

    @Test("another context does not open it")
    func otherContext() throws {
        let sealed = try key.seal([1, 2, 3], context: "notification-key:1")
        #expect(throws: MasterKeyFault.notAuthentic) {
            try key.open(sealed, context: "notification-key:2")
        }
    }

    @Test("another key does not open it, and the one that would is named")
    func otherKey() throws {
        let other = try MasterKey.generate(random: systemRandom)
        let sealed = try other.seal([1], context: "a")
        #expect(throws: MasterKeyFault.sealedByAnother(keyID: other.id)) {
            try key.open(sealed, context: "a")
        }
    }

    @Test("a text with any one character changed does not open", arguments: 0..<6)
    func changed(secretBytes: Int) throws {
        let secret = [UInt8](repeating: 7, count: secretBytes)
        let sealed = Array(try key.seal(secret, context: "a").utf8)
        for index in sealed.indices {
            var changed = sealed
            changed[index] = UInt8(ascii: sealed[index] == UInt8(ascii: "A") ? "B" : "A")
            #expect(throws: MasterKeyFault.self) {
                try key.open(String(decoding: changed, as: UTF8.self), context: "a")
            }
        }
    }

    @Test("texts of other forms do not open")
    func otherForms() throws {
        let id = key.id
        let long = "1:\(id):" + String(repeating: "A", count: 70_000)
        let texts = [
            "", "1", "1::", "1:\(id)", "1:\(id):", "1:\(id):!", "1:\(id):AAAA", "2:\(id):AAAA",
            "1:\(id):AAAA:x", "1:abc:" + String(repeating: "A", count: 64), long,
            "1:\(id):" + String(repeating: "A", count: 37) + "B==",
        ]
        for text in texts {
            #expect(throws: MasterKeyFault.notSealed, "\(text.prefix(40))") {
                try key.open(text, context: "a")
            }
        }
    }

    @Test("a key written to a file is read again, by its owner only, and never overwritten")
    func file() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("master.key").path
            try key.write(to: path)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text == "kaunter-master-key-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n")
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect(mode as? Int == 0o600)
            let read = try MasterKey(reading: path)
            #expect(read.id == key.id)
            #expect(try read.open(key.seal([7], context: "a"), context: "a") == [7])
            #expect(throws: MasterKeyFault.file(path: path, code: EEXIST)) {
                try MasterKey.generate(random: systemRandom).write(to: path)
            }
            #expect(try MasterKey(reading: path).id == key.id)
        }
    }

    @Test(
        "a file that group or others may touch is refused",
        arguments: [0o640, 0o604, 0o620, 0o601])
    func openToOthers(mode: Int) throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("master.key").path
            try key.write(to: path)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            #expect(throws: MasterKeyFault.openToOthers(path: path)) {
                try MasterKey(reading: path)
            }
        }
    }

    @Test(
        "a file of another form is refused",
        arguments: [
            "", "\n", "kaunter-master-key-1:", "kaunter-master-key-1:AAAA",
            "kaunter-master-key-2:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "kaunter-master-key-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n",
            "kaunter-master-key-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gIQ==",
            "kaunter-master-key-1:" + String(repeating: "A", count: 10_000),
        ])
    func wrongFormat(content: String) throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("master.key").path
            let isMade = FileManager.default.createFile(
                atPath: path, contents: Data(content.utf8), attributes: [.posixPermissions: 0o600])
            try #require(isMade)
            #expect(throws: MasterKeyFault.wrongFormat(path: path)) {
                try MasterKey(reading: path)
            }
        }
    }

    @Test("a missing file and a folder are refused")
    func noFile() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("none").path
            #expect(throws: MasterKeyFault.file(path: path, code: ENOENT)) {
                try MasterKey(reading: path)
            }
            #expect(throws: MasterKeyFault.wrongFormat(path: folder.path)) {
                try MasterKey(reading: folder.path)
            }
        }
    }

    @Test("printing a key shows its id only")
    func printing() {
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "MasterKey(\(key.id))")
        #expect(!dumped.contains("SymmetricKey"))
        #expect(key.id.utf8.count == 16)
    }

    @Test("a broken source of random bytes is an error")
    func brokenRandom() {
        #expect(throws: MasterKeyFault.brokenRandom) { try MasterKey.generate { _ in [1] } }
    }
}
