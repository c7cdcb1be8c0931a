import HTTPTypes
package import Hummingbird
import KaunterAPI
import KaunterCore

/// The control socket's only route: `POST /control/<act>` with a JSON object. It listens on a unix
/// socket of mode 0600, never on a network.
package struct ControlSite: Sendable {
    /// What comes before an act's name.
    package static let path = "/control"

    private let desk: ControlDesk

    package init(desk: ControlDesk) {
        self.desk = desk
    }

    /// The only route.
    package func router() -> Router<SiteContext> {
        let router = Router(context: SiteContext.self)
        let acts = router.group().add(middleware: MerchantErrors())
        acts.post("/control/:act", use: perform)
        return router
    }

    @Sendable private func perform(
        _ request: Request, context: SiteContext
    ) async throws -> Response {
        guard let act = context.parameters.get("act").flatMap(ControlAct.init(rawValue:)) else {
            throw Failure(.notFound, "not_found", "There is no such act.")
        }
        let buffer = try await request.body.collect(upTo: Limits.bodyBytes)
        let parameters = try SignedCalls.object(Array(buffer.readableBytesView))
        let reply = await desk.perform(act, parameters)
        var response = Response.json(
            reply.body.text, status: HTTPResponse.Status(code: reply.status))
        if let code = reply.errorCode { response.headers[.errorCode] = code }
        return response
    }
}
