import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A payer's browser: it loads pages, sends forms, and follows where they lead.
struct Payer: Sendable {
    let http: HTTPClient

    /// What a page answered.
    struct Page: Sendable {
        let status: Int
        let text: String
        /// Where the browser is sent.
        let location: String
    }

    /// A browser that does not follow redirects by itself, open while `body` runs.
    ///
    /// - Parameter connections: how many it may have to one server at once.
    static func use(
        connections: Int = 8, _ body: (Payer) async throws -> Void
    ) async throws {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        let http = HTTPClient(configuration: configuration)
        do {
            try await body(Payer(http: http))
        } catch {
            try await http.shutdown()
            throw error
        }
        try await http.shutdown()
    }

    func look(_ url: String) async throws -> Page {
        try await page(HTTPClientRequest(url: url))
    }

    func submit(_ url: String, _ form: String) async throws -> Page {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: form))
        return try await page(request)
    }

    private func page(_ request: HTTPClientRequest) async throws -> Page {
        let response = try await http.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1_048_576)
        return Page(
            status: Int(response.status.code), text: String(buffer: body),
            location: response.headers.first(name: "Location") ?? "")
    }
}
