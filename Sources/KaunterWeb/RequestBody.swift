import HTTPTypes
import Hummingbird
import KaunterEngine
import NIOCore

extension Request {
    /// Seconds within which a whole body must be here: a client that sends a byte now and then is
    /// cut off, though its connection is never idle.
    private static let bodySeconds = 20.0

    /// The body, up to so many bytes.
    func bytes(upTo limit: Int, _ engine: Engine) async throws -> [UInt8] {
        // Refused before it is sent, where the client says how long it will be.
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw NIOTooManyBytesError(maxBytes: limit)
        }
        let body = body
        return try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await Self.collect(body, upTo: limit) }
            group.addTask {
                try await engine.pause(seconds: Self.bodySeconds)
                throw Failure(.requestTimeout, "body_too_slow", "The body did not come in time.")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    /// What a client broke off, or chunked wrongly, is its fault and not ours.
    private static func collect(_ body: RequestBody, upTo limit: Int) async throws -> [UInt8] {
        do {
            return Array(try await body.collect(upTo: limit).readableBytesView)
        } catch let error as NIOTooManyBytesError {
            throw error
        } catch {
            throw Failure(.badRequest, "bad_request", "The body can't be read to its end.")
        }
    }
}
