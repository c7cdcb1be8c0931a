import KaunterCore
import Testing

@testable import KaunterEngine

/// A case that waits without end is ended by its time limit, and fails.
@Suite("Answers that are slow, or without end", .timeLimit(.minutes(1)))
struct SlowAnswerTests {
    /// The code of a GET to this server, or the word of its fault.
    private static func get(
        _ server: LoopbackServer, _ scheme: String = "http", within seconds: Double = 1
    ) async -> String {
        let http = PinnedHTTP(allowsInside: true)
        let url = "\(scheme)://127.0.0.1:\(server.port)/"
        let result: String
        do throws(OutgoingFault) {
            let request = OutgoingRequest(url: url, body: .none)
            result = "\(try await http.send(request, within: seconds).code)"
        } catch {
            result = error.rawValue
        }
        await http.close()
        return result
    }

    @Test("all that is done for one try has one time-out: 15 seconds")
    func limit() {
        #expect(Limits.notificationTimeoutSeconds == 15)
    }

    @Test(
        "a server that drips is a time-out, though it is never silent",
        arguments: [
            "H", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 100 Continue\r\n",
        ])
    func dripping(_ begin: String) async throws {
        let drop = begin.hasSuffix("\r\n") ? "X: y\r\n" : "x"
        try await LoopbackServer.use(.dripping(begin, drop)) { server in
            #expect(["timeout", "unreachable"].contains(await Self.get(server)))
        }
    }

    @Test("a body that drips is accepted by its head")
    func drippingBody() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
        try await LoopbackServer.use(.dripping(head, "x")) { server in
            #expect(await Self.get(server) == "200")
        }
    }

    @Test("who never says a word of TLS is a time-out")
    func silentTLS() async throws {
        try await LoopbackServer.use(.always(nil)) { server in
            #expect(await Self.get(server, "https") == "timeout")
        }
    }

    @Test("a server of plain HTTP is not spoken to in TLS's place")
    func plainForTLS() async throws {
        try await LoopbackServer.use(.always(LoopbackServer.answer("200 OK"))) { server in
            #expect(await Self.get(server, "https") == "unreachable")
            #expect(!server.requests.joined().contains("GET"))
        }
    }

    /// Answers without end: what they begin with, what follows again and again, and what comes of
    /// them.
    private static let endless: [(begin: String, part: String, result: String)] = {
        let text = String(repeating: "x", count: 65_536)
        return [
            ("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n", text, "200"),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "10000\r\n\(text)\r\n", "200"
            ),
            ("HTTP/1.1 200 OK\r\n\r\n", text, "200"),
            ("HTTP/1.1 200 OK\r\nX: ", text, "unreachable"),
            ("HTTP/1.1 200 ", text, "unreachable"),
            ("HTTP/1.1 200 OK\r\n", String(repeating: "X: y\r\n", count: 10_000), "unreachable"),
        ]
    }()

    /// The connection is seen to be ended by who asked, and only then is it counted what was taken:
    /// what the systems' buffers held is the only slack. `AnswerCapTests` counts to the byte.
    @Test(
        "an answer without end is ended, whether in a body, in chunks or in a head",
        arguments: endless.indices)
    func capped(_ index: Int) async throws {
        let answer = Self.endless[index]
        try await LoopbackServer.use(.endless(answer.begin, answer.part)) { server in
            // Longer than the suite's time limit: no time-out ends the connection in the cap's
            // place.
            #expect(await Self.get(server, within: 300) == answer.result)
            await server.othersHaveLeft()
            #expect(server.bytesWritten < 32 * 1024 * 1024)
        }
    }
}
