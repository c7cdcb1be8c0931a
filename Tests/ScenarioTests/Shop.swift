import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// A merchant's server: it keeps the queries of the notifications that come, and answers as a test
/// says.
final class Shop: Sendable {
    private struct State {
        var status = HTTPResponse.Status.ok
        var queries: [String] = []
    }

    private let state = Mutex(State())
    private let port = Mutex(0)

    /// Where notifications go.
    var url: String { "http://127.0.0.1:\(port.withLock { $0 })/notify" }

    /// The raw queries that came, in order.
    var queries: [String] { state.withLock { $0.queries } }

    /// From now on answers with this status.
    func answer(_ status: HTTPResponse.Status) {
        state.withLock { $0.status = status }
    }

    /// Opens the shop while `body` runs.
    static func open<Answer: Sendable>(
        _ body: @escaping @Sendable (Shop) async throws -> Answer
    ) async throws -> Answer {
        let shop = Shop()
        let (opened, open) = AsyncStream<Void>.makeStream()
        let router = Router()
        router.get("/notify") { request, _ -> Response in
            let query = request.uri.query ?? ""
            let status = shop.state.withLock { state -> HTTPResponse.Status in
                state.queries.append(query)
                return state.status
            }
            return Response(status: status)
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                shop.port.withLock { $0 = channel.localAddress?.port ?? 0 }
                open.yield()
            })
        return try await withThrowingTaskGroup(of: Answer?.self) { group in
            group.addTask {
                defer { open.finish() }
                try await application.run()
                return nil
            }
            group.addTask {
                for await _ in opened { return try await body(shop) }
                return nil
            }
            defer { group.cancelAll() }
            while let answer = try await group.next() {
                if let answer { return answer }
            }
            throw Node.Fault(what: "the shop did not open")
        }
    }

    /// Waits until so many notifications have come.
    func notifications(_ count: Int) async throws -> [String] {
        for _ in 0..<Self.looksAtMost {
            let all = queries
            if all.count >= count { return all }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Node.Fault(what: "\(count) notifications did not come, but \(queries.count)")
    }

    /// Half a minute of waiting: then something is broken.
    private static let looksAtMost = 600
}
