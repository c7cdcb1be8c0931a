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

    @Test("no more than a part of 64 MB is read, whether in a body, in chunks or in a head")
    func capped() async throws {
        let much = String(repeating: "x", count: 64 * 1024 * 1024)
        let chunks = String(
            repeating: "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n", count: 1_024)
        let answers = [
            ("200", "HTTP/1.1 200 OK\r\nContent-Length: \(much.utf8.count)\r\n\r\n" + much),
            ("200", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks),
            ("200", "HTTP/1.1 200 OK\r\n\r\n" + much),
            ("unreachable", "HTTP/1.1 200 OK\r\nX: " + much),
            ("unreachable", "HTTP/1.1 200 " + much),
            (
                "unreachable",
                "HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 11_000_000)
            ),
        ]
        for (wanted, answer) in answers {
            try await LoopbackServer.use(.always(Array(answer.utf8))) { server in
                #expect(await Self.get(server, within: 10) == wanted, "\(answer.prefix(40))")
                #expect(server.bytesWritten < 32 * 1024 * 1024, "\(answer.prefix(40))")
            }
        }
    }
}
