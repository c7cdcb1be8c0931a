import HTTPTypes
import Hummingbird
import KaunterAPI
import Logging
import Metrics

/// Gives each request an id, counts it, and writes one line about it: route and code, never a path,
/// a header or a body, since these hold names and secrets.
struct RequestLog: RouterMiddleware {
    func handle(
        _ request: Request, context: SiteContext,
        next: (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            // No route, or a fault that no group of routes has worded.
            response = Failure(error).response
        }
        response.headers[.requestID] = context.id
        let seconds = start.duration(to: .now) / .seconds(1)
        report(request, context, code: response.status.code, seconds: seconds)
        return response
    }

    private func report(
        _ request: Request, _ context: SiteContext, code: Int, seconds: Double
    ) {
        let route = context.endpointPath ?? "unknown"
        let dimensions = [
            ("route", route), ("method", Self.known(request.method)), ("code", String(code)),
        ]
        Counter(label: "kaunter_http_requests_total", dimensions: dimensions).increment()
        Recorder(
            label: "kaunter_http_request_seconds", dimensions: [("route", route)]
        ).record(seconds)
        context.logger.info(
            "request",
            metadata: [
                "method": "\(Self.known(request.method))", "route": "\(route)", "code": "\(code)",
                "milliseconds": "\(Int((seconds * 1000).rounded()))",
            ])
    }

    /// A method is a text from outside: only those we know become labels.
    private static func known(_ method: HTTPRequest.Method) -> String {
        let known: [HTTPRequest.Method] = [.get, .post, .head, .put, .delete, .options, .patch]
        return known.contains(method) ? method.rawValue : "other"
    }
}

extension HTTPField.Name {
    /// A header of the merchant API, by a name that we wrote ourselves.
    init(ours name: String) {
        guard let field = HTTPField.Name(name) else {
            preconditionFailure("\(name) is no name of a header")
        }
        self = field
    }

    static let account = HTTPField.Name(ours: Header.account)
    static let sign = HTTPField.Name(ours: Header.sign)
    static let requestID = HTTPField.Name(ours: Header.requestID)
    static let errorCode = HTTPField.Name(ours: Header.errorCode)
}
