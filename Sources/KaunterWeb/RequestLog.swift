import HTTPTypes
import Hummingbird
import KaunterAPI
import KaunterCore
import Logging

/// Gives each request an id, counts it, and writes one line about it: route and code, never a path,
/// a header or a body, since these hold names and secrets.
///
/// Everything that a request leads to carries its trail: the lines of the log, and the
/// notifications that come of it.
struct RequestLog: RouterMiddleware {
    let surroundings: Surroundings
    private let counters = RouteCounters()

    init(surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    func handle(
        _ request: Request, context: SiteContext,
        next: (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        let parent = request.headers[.traceparent].flatMap { TraceContext($0) }
        let random = surroundings.randomBytes
        let trail = Trail(
            requestID: context.id,
            trace: parent?.child(random: random) ?? TraceContext(random: random))
        return try await Trail.$current.withValue(trail) {
            try await answer(request, context, next)
        }
    }

    private func answer(
        _ request: Request, _ context: SiteContext,
        _ next: (Request, SiteContext) async throws -> Response
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
        let method = Self.known(request.method)
        counters.count(route: route, method: method, code: code, seconds: seconds)
        context.logger.info(
            "request",
            metadata: [
                "method": "\(method)", "route": "\(route)", "code": "\(code)",
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

    static let traceparent = HTTPField.Name(ours: "traceparent")
    static let account = HTTPField.Name(ours: Header.account)
    static let sign = HTTPField.Name(ours: Header.sign)
    static let requestID = HTTPField.Name(ours: Header.requestID)
    static let errorCode = HTTPField.Name(ours: Header.errorCode)
}
