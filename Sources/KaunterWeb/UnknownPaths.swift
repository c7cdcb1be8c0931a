import Hummingbird
import KaunterAPI

/// Answers a path or a method that no route has: in the API's shape where programs ask, as a page
/// where people do.
struct UnknownPaths: RouterMiddleware {
    let renderer: PageRenderer

    /// The first parts of the paths that programs ask.
    private static let programs: Set<Substring> = ["v1", "sandbox"]

    func handle(
        _ request: Request, context: SiteContext,
        next: (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let failure = Failure(.notFound, "not_found", "There is no such call.")
            let first = request.uri.path.split(separator: "/").first
            if let first, Self.programs.contains(first) { return failure.response }
            return try renderer.response(
                "message", MessagePage(failure), title: "Payment", status: failure.status)
        }
    }
}
