import AsyncHTTPClient
import Foundation
import KaunterAPI
import KaunterClient
import KaunterDatabase
import TestSupport
import Testing

/// Identical creates at the same moment, over real sockets: one payment, one answer.
@Suite("Storms of identical creates", .serialized)
struct StormTests {
    /// Sends one body so many times at once, to the nodes in turn.
    private func storm(
        _ count: Int, _ body: [UInt8], _ merchant: Merchant, to nodes: [Node], _ http: HTTPClient
    ) async throws -> [Merchant.RawAnswer] {
        try await withThrowingTaskGroup(of: Merchant.RawAnswer.self) { group in
            for number in 0..<count {
                let node = nodes[number % nodes.count]
                group.addTask { try await merchant.send(body, to: node, with: http) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("2, 8 and 64 twins at one server", arguments: TestDatabase.all, [2, 8, 64])
    func oneServer(_ kind: TestDatabase, _ count: Int) async throws {
        try await ScenarioPlace.use(kind) { place in
            let node = try place.node()
            try await node.serve {
                let merchant = try await Merchant(at: node)
                try await Payer.use(connections: count) { payer in
                    for round in 1...3 {
                        let body = Array(merchant.order("twin-\(round)").json.text.utf8)
                        let answers = try await storm(count, body, merchant, to: [node], payer.http)
                        #expect(answers.count == count)
                        #expect(Set(answers).count == 1)
                        #expect(answers.first?.status == 200)
                    }
                }
                let history = try await merchant.client(node).paymentHistory()
                #expect(history.meta.total == 3)
            }
        }
    }

    @Test("twins at two servers of one database")
    func twoServers() async throws {
        for kind in TestDatabase.all where kind.dialect == .postgresql {
            try await ScenarioPlace.use(kind) { place in
                let first = try place.node(1)
                let second = try place.node(2)
                try await first.serve {
                    try await second.serve {
                        let merchant = try await Merchant(at: first)
                        try await Payer.use(connections: 8) { payer in
                            for round in 1...10 {
                                let body = Array(merchant.order("twin-\(round)").json.text.utf8)
                                let answers = try await storm(
                                    2 * round, body, merchant, to: [first, second], payer.http)
                                #expect(Set(answers).count == 1)
                            }
                        }
                        let history = try await merchant.client(second).paymentHistory()
                        #expect(history.meta.total == 10)
                    }
                }
            }
        }
    }

    @Test("a key that is revoked at one server is refused at the other within a second")
    func revoked() async throws {
        for kind in TestDatabase.all where kind.dialect == .postgresql {
            try await ScenarioPlace.use(kind) { place in
                let first = try place.node(1)
                let second = try place.node(2)
                try await first.serve {
                    try await second.serve {
                        let merchant = try await Merchant(at: first)
                        let client = merchant.client(second)
                        _ = try await client.createPayment(merchant.order("before"))
                        try await merchant.revokeKey(at: first)
                        try await Task.sleep(for: .seconds(1))
                        do {
                            _ = try await client.createPayment(merchant.order("after"))
                            Issue.record("a revoked key was taken")
                        } catch KaunterError.refused(let status, _, let code, _) {
                            #expect(status == 401)
                            #expect(code == "unauthenticated")
                        }
                    }
                }
            }
        }
    }
}
