import HTTPTypes
import Hummingbird
import NIOCore

/// The body did not come in its time: whoever reads it is told so by the connection.
package struct BodyTooSlow: Error {
    package init() {}
}

extension Request {
    /// The body, up to so many bytes.
    func bytes(upTo limit: Int) async throws -> [UInt8] {
        try checkLength(limit)
        return Array(try await Self.collect(body, upTo: limit).readableBytesView)
    }

    /// Has the whole body here, up to so many bytes, before anything else is done.
    mutating func gatherBody(upTo limit: Int) async throws {
        try checkLength(limit)
        body = RequestBody(buffer: try await Self.collect(body, upTo: limit))
    }

    /// Refuses a body before it is sent, where the client says how long it will be.
    private func checkLength(_ limit: Int) throws {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw NIOTooManyBytesError(maxBytes: limit)
        }
    }

    /// What a client broke off, or chunked wrongly, is its fault and not ours.
    private static func collect(_ body: RequestBody, upTo limit: Int) async throws -> ByteBuffer {
        do {
            return try await body.collect(upTo: limit)
        } catch let error as NIOTooManyBytesError {
            throw error
        } catch is BodyTooSlow {
            throw Failure(.requestTimeout, "body_too_slow", "The body did not come in time.")
        } catch {
            throw Failure(.badRequest, "bad_request", "The body can't be read to its end.")
        }
    }
}
