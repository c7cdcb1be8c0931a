import HTTPTypes
import Hummingbird
import KaunterEngine
import NIOCore

extension Request {
    /// Seconds within which a whole body must be here: a client that sends a byte now and then is cut
    /// off, though its connection is never idle.
    private static let bodySeconds = 20.0

    /// The body, up to so many bytes.
    func bytes(upTo limit: Int, _ engine: Engine) async throws -> [UInt8] {
        let body = body
        return try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask {
                Array(try await body.collect(upTo: limit).readableBytesView)
            }
            group.addTask {
                try await engine.pause(seconds: Self.bodySeconds)
                throw Failure(.requestTimeout, "body_too_slow", "The body did not come in time.")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }
}
