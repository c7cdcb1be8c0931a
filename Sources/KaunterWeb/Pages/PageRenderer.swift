import Foundation
import HTTPTypes
import Hummingbird
import KaunterCore
import Logging
import Mustache
import NIOCore

/// Turns page structs into HTML. A page is a plain struct that *is* its template's context: there
/// is no logic in a template, and whatever it shows is escaped.
package struct PageRenderer: Sendable {
    let assets: Assets
    let openAPI: OpenAPIParts
    private let library: MustacheLibrary

    /// Loads the templates, assets and documents that this program was built with.
    package init() async throws {
        let folder = Bundle.module.bundleURL
        self.assets = try Assets(folder: folder.appendingPathComponent("Assets"))
        self.openAPI = try OpenAPIParts(folder: folder.appendingPathComponent("OpenAPI"))
        self.library = try await MustacheLibrary(
            directory: folder.appendingPathComponent("Templates").path)
    }

    /// The page inside the house's layout.
    ///
    /// - Parameters:
    ///   - refreshSeconds: after which the browser asks again: pages work without scripts.
    ///   - furtherStyle: the name of a stylesheet beside the house's.
    func response<Page: Sendable>(
        _ template: String, _ page: Page, title: String, status: HTTPResponse.Status = .ok,
        refreshSeconds: Int? = nil, furtherStyle: String? = nil,
        formTargets: PageSecurity.FormTargets = .ours
    ) throws -> Response {
        guard let body = library.render(page, withTemplate: template),
            let html = library.render(
                Layout(
                    title: title, body: body, icon: assets.path(of: "icon.svg"),
                    style: assets.path(of: "style.css"),
                    furtherStyle: furtherStyle.map(assets.path),
                    script: assets.path(of: "return.js"), refreshSeconds: refreshSeconds),
                withTemplate: "layout")
        else { throw Failure(.internalServerError, "internal", "The page is missing.") }
        return Response(
            status: status, headers: PageSecurity.headers(formTargets),
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    /// What surrounds every page.
    private struct Layout {
        let title: String
        let body: String
        let icon: String
        let style: String
        let furtherStyle: String?
        let script: String
        let refreshSeconds: Int?
    }
}

/// Headers of every page: nothing from elsewhere, no framing, no keeping.
enum PageSecurity {
    /// Where forms of a page may go.
    enum FormTargets {
        case ours
        /// To the merchant's address, and wherever that leads: browsers hold redirects of a form to
        /// this rule too.
        case anywhere
    }

    static func headers(_ targets: FormTargets) -> HTTPFields {
        let forms = targets == .ours ? "'self'" : "'self' http: https:"
        return [
            .contentType: "text/html; charset=utf-8",
            .cacheControl: "no-store",
            .contentSecurityPolicy:
                "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
                + "form-action \(forms); frame-ancestors 'none'; base-uri 'none'",
            .xContentTypeOptions: "nosniff",
            HTTPField.Name(ours: "Referrer-Policy"): "no-referrer",
            HTTPField.Name(ours: "X-Robots-Tag"): "noindex",
        ]
    }
}

/// A plain page for what went wrong, in the payer's words.
struct PageErrors: RouterMiddleware {
    let renderer: PageRenderer

    func handle(
        _ request: Request, context: SiteContext,
        next: (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let failure = Failure(error)
            if failure.status.code >= 500 {
                context.logger.error(
                    "page failed", metadata: ["fault": "\(Failure.kind(of: error))"])
            }
            var response = try renderer.response(
                "message", MessagePage(failure), title: "Payment", status: failure.status)
            if let seconds = failure.retryAfterSeconds {
                response.headers[.retryAfter] = String(seconds)
            }
            return response
        }
    }
}

/// What a payer reads when there is no page.
struct MessagePage: Sendable {
    let heading: String
    let text: String

    init(_ failure: Failure) {
        switch failure.status.code {
        case 404:
            heading = "This page does not exist"
            text = "Please check the link, or go back to the shop and start again."
        case 503:
            heading = "One moment, please"
            text = "We are busy right now. Nothing is lost: reload this page in a moment."
        case 500...599:
            heading = "Something went wrong"
            text = "This is our fault. Reload this page, or come back in a moment."
        default:
            heading = "That did not work"
            text = failure.errors.entries.first?.messages.first ?? failure.message
        }
    }
}
