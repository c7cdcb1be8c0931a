import Hummingbird
import KaunterEngine
import KaunterStorage
import NIOCore

/// What machines ask: is it alive, can it serve, how is it doing.
struct ProbeController: Sendable {
    let engine: Engine
    let exposition: @Sendable () -> String

    /// The process answers.
    @Sendable func health(_ request: Request, context: SiteContext) async throws -> Response {
        .json(#"{"status":"ok"}"#)
    }

    /// The database answers too.
    @Sendable func readiness(_ request: Request, context: SiteContext) async throws -> Response {
        do {
            _ = try await engine.reader.read { try $0.installation() }
            return .json(#"{"status":"ready"}"#)
        } catch {
            var response = Response.json(
                #"{"status":"database away"}"#, status: .serviceUnavailable)
            response.headers[.retryAfter] = "1"
            return response
        }
    }

    /// Everything that is counted, in Prometheus' text format.
    @Sendable func metrics(_ request: Request, context: SiteContext) async throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: exposition())))
    }
}
