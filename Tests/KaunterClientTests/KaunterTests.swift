import AsyncHTTPClient
import Foundation
import KaunterAPI
import Testing

@testable import KaunterClient

@Suite("The client")
struct KaunterTests {
    private func client(_ baseURL: String) throws -> Kaunter {
        Kaunter(
            baseURL: baseURL, account: "a",
            key: try SigningKey(privatePEM: Vector.text("rsa.pkcs8.pem")))
    }

    @Test("slashes at the end of the base URL are dropped")
    func baseURL() throws {
        #expect(try client("https://pay.example.com//").baseURL == "https://pay.example.com")
        #expect(try client("https://pay.example.com/my").baseURL == "https://pay.example.com/my")
        #expect(try client("/").baseURL == "")
    }

    @Test("an address that is none sends nothing", arguments: ["", "pay.example.com", "http://"])
    func wrongAddress(baseURL: String) async throws {
        let client = try client(baseURL)
        let error = await #expect(throws: KaunterError.self) {
            try await client.paymentStatus(id: 1)
        }
        guard case .notSent? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("an account that would add a header sends nothing")
    func wrongAccount() async throws {
        let client = Kaunter(
            baseURL: "http://127.0.0.1:1", account: "a\r\nX-More: 1",
            key: try SigningKey(privatePEM: Vector.text("rsa.pkcs8.pem")))
        await #expect(throws: KaunterError.notSent(reason: "the account is not a UUID")) {
            try await client.paymentStatus(id: 1)
        }
    }

    @Test(
        "an error of the transport leaves the fate open unless nothing can have left",
        arguments: [
            (HTTPClientError.invalidURL, true), (.connectTimeout, true),
            (.tlsHandshakeTimeout, true), (.readTimeout, false), (.deadlineExceeded, false),
            (.remoteConnectionClosed, false), (.cancelled, false),
        ])
    func transportErrors(error: HTTPClientError, isBeforeSending: Bool) {
        switch KaunterError(transport: error) {
        case .notSent: #expect(isBeforeSending)
        case .unknownFate: #expect(!isBeforeSending)
        case let other: Issue.record("\(other)")
        }
        #expect(
            KaunterError(transport: CancellationError())
                == .unknownFate(reason: "no answer came (CancellationError)"))
    }
}

@Suite("The folder of a certificate archive")
struct KeyFolderTests {
    private func folder(_ files: [String: String]) throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("kaunter-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, content) in files {
            try Data(content.utf8).write(to: folder.appendingPathComponent(name))
        }
        return folder
    }

    @Test("the password's bytes open the key, and with a line end they do not")
    func reads() throws {
        let pem = try Vector.text("rsa.encrypted.pem")
        let password = try Vector.text("rsa.password.txt")
        let good = try folder(["private.pem": pem, "password.txt": password])
        let bad = try folder(["private.pem": pem, "password.txt": password + "\n"])
        defer {
            try? FileManager.default.removeItem(at: good)
            try? FileManager.default.removeItem(at: bad)
        }
        let fingerprint = try Kaunter.keyFolder(good.path).verifyingKey.fingerprint
        #expect(fingerprint + "\n" == (try Vector.text("rsa.fingerprint.txt")))
        #expect(throws: KeyFault.self) { try Kaunter.keyFolder(bad.path) }
    }

    @Test("a missing, empty or long file is named")
    func refuses() throws {
        let pem = try Vector.text("rsa.encrypted.pem")
        let cases = [
            (["private.pem": pem], "password.txt can't be read"),
            (["password.txt": "x"], "private.pem can't be read"),
            (
                ["private.pem": pem, "password.txt": ""],
                "password.txt is empty or longer than 1024 bytes"
            ),
            (
                ["private.pem": pem, "password.txt": String(repeating: "x", count: 1025)],
                "password.txt is empty or longer than 1024 bytes"
            ),
        ]
        for (files, reason) in cases {
            let folder = try folder(files)
            defer { try? FileManager.default.removeItem(at: folder) }
            #expect(throws: KeyFault(reason: reason)) { try Kaunter.keyFolder(folder.path) }
        }
    }
}
