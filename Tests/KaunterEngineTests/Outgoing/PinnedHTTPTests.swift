import KaunterCore
import Testing

@testable import KaunterEngine

@Suite("Speaking to merchants' servers")
struct PinnedHTTPTests {
    private static func use(
        allowsInside: Bool = true, lookUp: PinnedHTTP.LookUp? = nil,
        _ body: (PinnedHTTP) async throws -> Void
    ) async throws {
        let http = PinnedHTTP(allowsInside: allowsInside, lookUp: lookUp)
        do {
            try await body(http)
        } catch {
            await http.close()
            throw error
        }
        await http.close()
    }

    /// The code of a GET, or the word of its fault.
    private static func get(
        _ http: PinnedHTTP, _ url: String, within seconds: Double = 15
    ) async -> String {
        do throws(OutgoingFault) {
            let request = OutgoingRequest(url: url, body: .none)
            return "\(try await http.send(request, within: seconds).code)"
        } catch {
            return error.rawValue
        }
    }

    @Test("a sandbox speaks to this machine, by address and by name")
    func inside() async throws {
        try await LoopbackServer.use(.always(LoopbackServer.answer("204 No Content"))) { server in
            try await Self.use { http throws in
                let url = "http://127.0.0.1:\(server.port)/n?a=%2B&b=%C3%A9"
                #expect(await Self.get(http, url) == "204")
                let request = try #require(server.requests.first)
                #expect(request.hasPrefix("GET /n?a=%2B&b=%C3%A9 HTTP/1.1\r\n"))
                #expect(request.lowercased().contains("cache-control: no-store\r\n"))
                #expect(await Self.get(http, "http://[::ffff:127.0.0.1]:\(server.port)/") == "204")
            }
        }
    }

    @Test("a form and a JSON body are sent as they are")
    func bodies() async throws {
        try await LoopbackServer.use(.always(LoopbackServer.answer("200 OK"))) { server in
            try await Self.use { http throws in
                let url = "http://127.0.0.1:\(server.port)/"
                let form = OutgoingRequest(url: url, body: .form("a=1&b=%20"))
                let json = OutgoingRequest(url: url, body: .json(#"{"a":"é"}"#))
                #expect(try await http.send(form, within: 15).code == 200)
                #expect(try await http.send(json, within: 15).code == 200)
                let all = server.requests.joined()
                #expect(all.contains("Content-Type: application/x-www-form-urlencoded"))
                #expect(all.contains("a=1&b=%20"))
                #expect(all.contains("Content-Type: application/json"))
                #expect(all.contains(#"{"a":"é"}"#))
            }
        }
    }

    @Test(
        "outside the sandbox this machine is refused, in whatever form it is written",
        arguments: [
            "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.1", "2130706433",
            "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "[::1]", "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]", "0", "0.0.0.0", "[::]", "10.0.0.1", "169.254.169.254",
            "[fd00:ec2::254]", "[fe80::1]",
        ])
    func refused(_ host: String) async throws {
        try await Self.use(allowsInside: false) { http throws in
            let fault = await Self.get(http, "https://\(host):9/")
            #expect(["forbidden_address", "unresolved"].contains(fault))
        }
    }

    @Test(
        "even a sandbox does not ask link-local, multicast and broadcast addresses",
        arguments: ["169.254.169.254", "[fe80::1]", "224.0.0.1", "255.255.255.255", "0.0.0.0"])
    func nowhere(_ host: String) async throws {
        try await Self.use { http throws in
            #expect(await Self.get(http, "http://\(host):9/") == "forbidden_address")
        }
    }

    @Test("plain http is for the sandbox only, and other schemes are for nobody")
    func schemes() async throws {
        try await Self.use(allowsInside: false) { http throws in
            #expect(await Self.get(http, "http://1.1.1.1/") == "bad_address")
        }
        try await Self.use { http throws in
            for url in [
                "", "/", "ftp://127.0.0.1/", "http+unix://%2Ftmp%2Fs/", "unix:/tmp/s", "http:///",
                "http://", "javascript:1", "http://%6cocalhost/", "http://a b/", "http://a\\b/",
            ] {
                #expect(await Self.get(http, url) == "bad_address")
            }
        }
    }

    @Test(
        "the connection goes to the address that was checked, in whatever form the name is written",
        arguments: [
            "shop.example", "SHOP.Example", "b\u{fc}cher.example", "xn--bcher-kva.example",
            "shop_1.example", "shop.example.",
        ], ["http", "HTTP"])
    func pinned(_ name: String, _ scheme: String) async throws {
        // None of these names exists: only the pin leads to the server.
        try await LoopbackServer.use(.always(LoopbackServer.answer("200 OK"))) { server in
            let lookUp: PinnedHTTP.LookUp = { _ async throws(OutgoingFault) in
                [NetworkAddress("127.0.0.1")].compactMap(\.self)
            }
            try await Self.use(lookUp: lookUp) { http throws in
                #expect(await Self.get(http, "\(scheme)://\(name):\(server.port)/") == "200")
            }
        }
    }

    @Test("a name of which one address is not allowed is not asked at all")
    func mixedAddresses() async throws {
        let lookUp: PinnedHTTP.LookUp = { _ async throws(OutgoingFault) in
            [NetworkAddress("8.8.8.8"), NetworkAddress("10.0.0.1")].compactMap(\.self)
        }
        try await Self.use(allowsInside: false, lookUp: lookUp) { http throws in
            #expect(await Self.get(http, "https://shop.example/") == "forbidden_address")
        }
    }

    @Test("where nobody listens on one address of a name, the next one is asked")
    func nextAddress() async throws {
        try await LoopbackServer.use(.always(LoopbackServer.answer("200 OK"))) { server in
            let lookUp: PinnedHTTP.LookUp = { _ async throws(OutgoingFault) in
                [NetworkAddress("::1"), NetworkAddress("127.0.0.1")].compactMap(\.self)
            }
            try await Self.use(lookUp: lookUp) { http throws in
                #expect(await Self.get(http, "http://shop.example:\(server.port)/") == "200")
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test("once a connection stood, no other address is asked")
    func noSecondTelling() async throws {
        try await LoopbackServer.use(.always(nil)) { server in
            let lookUp: PinnedHTTP.LookUp = { _ async throws(OutgoingFault) in
                [NetworkAddress("127.0.0.1"), NetworkAddress("::ffff:127.0.0.1")].compactMap(\.self)
            }
            try await Self.use(lookUp: lookUp) { http throws in
                let url = "http://shop.example:\(server.port)/"
                #expect(await Self.get(http, url, within: 1) == "timeout")
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test("a redirect is an answer, and is not followed")
    func redirect() async throws {
        let script = LoopbackServer.Script { request in
            request.hasPrefix("GET /first ")
                ? LoopbackServer.answer("302 Found", headers: "Location: /second\r\n")
                : LoopbackServer.answer("200 OK")
        }
        try await LoopbackServer.use(script) { server in
            try await Self.use { http throws in
                #expect(await Self.get(http, "http://127.0.0.1:\(server.port)/first") == "302")
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test("a short answer is read to its end, and the connection is used again")
    func shortAnswer() async throws {
        let answer = LoopbackServer.answer("200 OK", body: String(repeating: "x", count: 1_000))
        try await LoopbackServer.use(.always(answer)) { server in
            try await Self.use { http throws in
                for _ in 0..<3 {
                    #expect(await Self.get(http, "http://127.0.0.1:\(server.port)/") == "200")
                }
                #expect(server.requests.count == 3)
                #expect(server.connectionCount == 1)
            }
        }
    }

    @Test("a huge answer is accepted by its head, and is not read to its end")
    func hugeAnswer() async throws {
        let body = String(repeating: "x", count: 64 * 1024 * 1024)
        let answer = LoopbackServer.answer("200 OK", body: body)
        try await LoopbackServer.use(.always(answer)) { server in
            try await Self.use { http throws in
                #expect(await Self.get(http, "http://127.0.0.1:\(server.port)/") == "200")
            }
            #expect(server.bytesWritten < 32 * 1024 * 1024)
        }
    }

    @Test("an answer whose end never comes is accepted by its head")
    func unfinishedAnswer() async throws {
        let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".utf8)
        try await LoopbackServer.use(.always(head)) { server in
            try await Self.use { http throws in
                #expect(
                    await Self.get(http, "http://127.0.0.1:\(server.port)/", within: 1) == "200")
            }
        }
    }

    @Test("a server that never answers is a time-out")
    func timeout() async throws {
        try await LoopbackServer.use(.always(nil)) { server in
            try await Self.use { http throws in
                #expect(
                    await Self.get(http, "http://127.0.0.1:\(server.port)/", within: 1) == "timeout"
                )
            }
        }
    }

    @Test("nobody there, and what is no HTTP, are unreachable")
    func unreachable() async throws {
        var port = 0
        try await LoopbackServer.use(.always(Array("SSH-2.0-x\r\n\r\n".utf8))) { server in
            port = server.port
            try await Self.use { http throws in
                #expect(await Self.get(http, "http://127.0.0.1:\(server.port)/") == "unreachable")
            }
        }
        try await Self.use { http throws in
            #expect(await Self.get(http, "http://127.0.0.1:\(port)/") == "unreachable")
            #expect(await Self.get(http, "http://no-such-name.invalid/") == "unresolved")
        }
    }
}
