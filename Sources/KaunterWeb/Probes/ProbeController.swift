import Hummingbird
import KaunterEngine
import KaunterStorage
import NIOCore

/// What machines ask: is it alive, can it serve, how is it doing.
struct ProbeController: Sendable {
    let engine: Engine
    let readiness: Readiness
    let exposition: @Sendable () -> String

    /// The process answers.
    @Sendable func health(_ request: Request, context: SiteContext) async throws -> Response {
        .json(#"{"status":"ok"}"#)
    }

    /// The database answers too, and the node is not about to stop.
    @Sendable func ready(_ request: Request, context: SiteContext) async throws -> Response {
        if readiness.isLeaving { return Self.notReady("draining") }
        do {
            _ = try await engine.reader.read { try $0.installation() }
            return .json(#"{"status":"ready"}"#)
        } catch {
            return Self.notReady("database away")
        }
    }

    private static func notReady(_ why: String) -> Response {
        var response = Response.json(#"{"status":"\#(why)"}"#, status: .serviceUnavailable)
        response.headers[.retryAfter] = "1"
        return response
    }

    /// Everything that is counted, in Prometheus' text format.
    @Sendable func metrics(_ request: Request, context: SiteContext) async throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: exposition())))
    }
}
