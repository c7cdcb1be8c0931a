import KaunterCore
import Testing

@testable import KaunterEngine

@Suite("Very many servers", .timeLimit(.minutes(1)))
struct PinnedClientsTests {
    private static let atMost = 8

    private static func http() throws -> PinnedHTTP {
        let local = try #require(NetworkAddress("127.0.0.1"))
        return PinnedHTTP(
            allowsInside: true, lookUp: { _ async throws(OutgoingFault) in [local] },
            clientsAtMost: atMost)
    }

    private static func get(_ http: PinnedHTTP, _ url: String, within seconds: Double) async -> Int
    {
        let request = OutgoingRequest(url: url, body: .none)
        return (try? await http.send(request, within: seconds))?.code ?? 0
    }

    @Test("one who names a new server each time has nobody refused")
    func names() async throws {
        try await LoopbackServer.use(.always(LoopbackServer.answer("200 OK"))) { server in
            let http = try Self.http()
            for number in 0..<(5 * Self.atMost) {
                let url = "http://s\(number).kedai.example:\(server.port)/"
                #expect(await Self.get(http, url, within: 10) == 200, "server \(number)")
            }
            await http.close()
        }
    }

    @Test("what is under way is not ended for another's name; beyond that nothing is asked")
    func underWay() async throws {
        let script = LoopbackServer.Script { request in
            request.contains("hang") ? nil : LoopbackServer.answer("200 OK")
        }
        try await LoopbackServer.use(script) { server in
            let http = try Self.http()
            let codes = await withTaskGroup(of: Int.self) { group in
                for number in 0..<(Self.atMost - 1) {
                    group.addTask {
                        await Self.get(
                            http, "http://hang\(number).example:\(server.port)/", within: 4)
                    }
                }
                while server.connectionCount < Self.atMost - 1 {
                    try? await Task.sleep(for: .milliseconds(10))
                }
                for number in 0..<(3 * Self.atMost) {
                    let url = "http://s\(number).kedai.example:\(server.port)/"
                    #expect(await Self.get(http, url, within: 2) == 200, "server \(number)")
                }
                #expect(server.requests.count { $0.contains("hang") } == Self.atMost - 1)
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes == Array(repeating: 0, count: Self.atMost - 1))
            await http.close()
        }
    }
}
