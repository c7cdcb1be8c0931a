import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@testable import KaunterServer

/// What a store is, and who may open it.
@Suite("Opening a store")
struct OpenStoreTests {
    private func open(
        _ configuration: Configuration, _ purpose: OpenStore.Purpose = .owning(.sandbox)
    ) async throws -> OpenStore? {
        try await OpenStore.open(configuration, for: purpose, surroundings: .real)
    }

    /// Opens a store, closes it, and returns what it is.
    @discardableResult
    private func visit(
        _ configuration: Configuration, _ purpose: OpenStore.Purpose = .owning(.sandbox)
    ) async throws -> Installation? {
        let store = try await open(configuration, purpose)
        await store?.close()
        return store?.installation
    }

    /// The kind of hindrance, if opening is hindered.
    private func hindrance(
        _ configuration: Configuration, _ purpose: OpenStore.Purpose = .owning(.sandbox)
    ) async throws -> ServerFault.Kind? {
        do {
            try await visit(configuration, purpose)
            return nil
        } catch let fault as ServerFault {
            #expect(!fault.message.isEmpty)
            return fault.kind
        }
    }

    @Test(
        "a new sandbox makes its folder and its master key, both its owner's alone",
        arguments: TestDatabase.all)
    func newSandbox(_ kind: TestDatabase) async throws {
        try await ServerPlace.use(kind) { place in
            let installation = try await visit(place.configuration())
            #expect(installation?.mode == .sandbox)
            for (path, mode) in [("", 0o700), ("/master.key", 0o600)] {
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: place.folder + path)
                #expect(attributes[.posixPermissions] as? Int == mode)
            }
            // Opened again it is the same.
            #expect(try await visit(place.configuration()) == installation)
        }
    }

    @Test("a sandbox stays a sandbox, and live stays live", arguments: TestDatabase.all)
    func modes(_ kind: TestDatabase) async throws {
        try await ServerPlace.use(kind) { place in
            try await visit(place.configuration())
            let live = place.configuration(masterKey: try place.makeMasterKey())
            #expect(try await hindrance(live, .owning(.live)) == .refused)
            #expect(try await visit(place.configuration())?.mode == .sandbox)
        }
        try await ServerPlace.use(kind) { place in
            let live = place.configuration(masterKey: try place.makeMasterKey())
            #expect(try await visit(live, .owning(.live))?.mode == .live)
            #expect(try await hindrance(live, .owning(.sandbox)) == .refused)
            #expect(try await visit(live, .owning(.live))?.mode == .live)
        }
    }

    @Test(
        "live needs a master key outside the data folder; without one nothing is made",
        arguments: TestDatabase.all)
    func liveKey(_ kind: TestDatabase) async throws {
        try await ServerPlace.use(kind) { place in
            #expect(try await hindrance(place.configuration(), .owning(.live)) == .configuration)
            #expect(!FileManager.default.fileExists(atPath: place.folder))
            try FileManager.default.createDirectory(
                atPath: place.folder, withIntermediateDirectories: true)
            let inside = try place.makeMasterKey("data/inside.key")
            let link = "\(place.beside)/link.key"
            try FileManager.default.createSymbolicLink(
                atPath: link, withDestinationPath: inside)
            for key in [inside, "\(place.folder)/../data/inside.key", link] {
                let configuration = place.configuration(masterKey: key)
                #expect(try await hindrance(configuration, .owning(.live)) == .configuration)
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: place.folder) == ["inside.key"])
        }
    }

    @Test(
        "the key of another store is refused, and so is a missing one",
        arguments: TestDatabase.all)
    func wrongKey(_ kind: TestDatabase) async throws {
        try await ServerPlace.use(kind) { place in
            let right = place.configuration(masterKey: try place.makeMasterKey("right.key"))
            let wrong = place.configuration(masterKey: try place.makeMasterKey("wrong.key"))
            let absent = place.configuration(masterKey: "\(place.beside)/absent.key")
            try await visit(right, .owning(.live))
            for purpose in [OpenStore.Purpose.owning(.live), .acting] {
                #expect(try await hindrance(wrong, purpose) == .configuration)
                await #expect(throws: MasterKeyFault.self) { try await visit(absent, purpose) }
            }
            #expect(try await visit(right, .acting)?.mode == .live)
        }
    }

    @Test("a key that others can read is refused")
    func openKey() async throws {
        for kind in TestDatabase.all.prefix(1) {
            try await ServerPlace.use(kind) { place in
                let key = try place.makeMasterKey()
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o640], ofItemAtPath: key)
                await #expect(throws: MasterKeyFault.openToOthers(path: key)) {
                    try await visit(place.configuration(masterKey: key), .owning(.live))
                }
            }
        }
    }

    @Test("an act needs a store that is there, and makes none", arguments: TestDatabase.all)
    func acting(_ kind: TestDatabase) async throws {
        try await ServerPlace.use(kind) { place in
            #expect(try await hindrance(place.configuration(), .acting) == .refused)
            #expect(!FileManager.default.fileExists(atPath: "\(place.folder)/kaunter.sqlite"))
            #expect(!FileManager.default.fileExists(atPath: "\(place.folder)/master.key"))
            try await visit(place.configuration())
            #expect(try await visit(place.configuration(), .acting)?.mode == .sandbox)
        }
    }

    @Test("of an embedded store a second opening gets nothing, until the first is closed")
    func oneProcess() async throws {
        for kind in TestDatabase.all where kind.dialect == .sqlite {
            try await ServerPlace.use(kind) { place in
                let first = try await open(place.configuration())
                #expect(first != nil)
                for purpose in [OpenStore.Purpose.owning(.sandbox), .acting] {
                    #expect(try await visit(place.configuration(), purpose) == nil)
                }
                await first?.close()
                #expect(try await visit(place.configuration()) != nil)
                let lock = try FileManager.default.attributesOfItem(
                    atPath: "\(place.folder)/kaunter.lock")
                #expect(lock[.posixPermissions] as? Int == 0o600)
            }
        }
    }

    @Test("nodes that share a database share a master key")
    func sharedKey() async throws {
        for kind in TestDatabase.all where kind.dialect == .postgresql {
            try await ServerPlace.use(kind) { place in
                let other = "\(place.beside)/other"
                let first = try await open(place.configuration())
                // A second node with a data folder of its own has no key, or another one.
                await #expect(throws: MasterKeyFault.self) {
                    try await visit(place.configuration(data: other))
                }
                let wrong = place.configuration(
                    data: other, masterKey: try place.makeMasterKey("wrong.key"))
                #expect(try await hindrance(wrong) == .configuration)
                let right = place.configuration(
                    data: other, masterKey: "\(place.folder)/master.key")
                #expect(try await visit(right) == first?.installation)
                await first?.close()
            }
        }
    }

    @Test("of nodes that found one database at once, all find the same")
    func foundedTogether() async throws {
        for kind in TestDatabase.all where kind.dialect == .postgresql {
            try await ServerPlace.use(kind) { place in
                let key = try place.makeMasterKey()
                let found = try await withThrowingTaskGroup(of: Installation?.self) { group in
                    for number in 1...4 {
                        let configuration = place.configuration(
                            data: "\(place.beside)/node-\(number)", masterKey: key)
                        group.addTask { try await visit(configuration, .owning(.live)) }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(found.count == 4)
                #expect(found.allSatisfy { $0 != nil && $0 == found.first ?? nil })
            }
        }
    }
}
