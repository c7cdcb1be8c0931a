import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What a merchant's developer reads: the document for programs, and the page that is made of it.
struct DocumentationController: Sendable {
    let document: OpenAPIDocument
    let renderer: PageRenderer
    private let page: DocumentationPage

    init(_ document: OpenAPIDocument, renderer: PageRenderer) {
        self.document = document
        self.renderer = renderer
        page = DocumentationPage(document)
    }

    /// `GET /openapi.json`: kept by whoever asks, who then asks whether it is still the same.
    @Sendable func openAPI(_ request: Request, context: SiteContext) async throws -> Response {
        let headers: HTTPFields = [
            .contentType: "application/json", .cacheControl: "no-cache",
            .eTag: document.entityTag, .xContentTypeOptions: "nosniff",
        ]
        if isKnown(request.headers[values: .ifNoneMatch]) {
            return Response(status: .notModified, headers: headers)
        }
        return Response(
            status: .ok, headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: document.text)))
    }

    /// Whether one of the tags that a client has is ours. A proxy that packs what it hands on makes
    /// a tag weak: the text is the same.
    private func isKnown(_ tags: [String]) -> Bool {
        tags.flatMap { $0.split(separator: ",") }.contains { tag in
            let tag = tag.trimmingCharacters(in: .whitespaces)
            return tag == "*" || tag == document.entityTag || tag == "W/\(document.entityTag)"
        }
    }

    /// `GET /docs`
    @Sendable func show(_ request: Request, context: SiteContext) async throws -> Response {
        try renderer.response(
            "documentation", page, title: page.title, furtherStyle: "documentation.css")
    }
}
