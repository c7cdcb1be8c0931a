import HTTPTypes
import HummingbirdTesting

@testable import KaunterWeb

/// A request and its answer as one text, for goldens: the request's line and body, the status, the
/// headers that matter, the body.
struct Exchange {
    let method: HTTPRequest.Method
    let path: String
    let body: String
    let response: TestResponse

    /// Headers that callers rely on; the request's id is new each time.
    private static let headers: [HTTPField.Name] = [
        .contentType, .cacheControl, .retryAfter, .location, .errorCode, .contentSecurityPolicy,
        .xContentTypeOptions, HTTPField.Name(ours: "Referrer-Policy"),
        HTTPField.Name(ours: "X-Robots-Tag"),
    ]

    init(
        _ method: HTTPRequest.Method, _ path: String, _ body: String, _ response: TestResponse
    ) {
        self.method = method
        self.path = path
        self.body = body
        self.response = response
    }

    var text: String {
        let request = "\(method.rawValue) \(path)\n\n" + (body.isEmpty ? "" : "\(body)\n\n")
        let fields = Self.headers.compactMap { name in
            response.headers[name].map { "\(name.rawName): \($0)\n" }
        }
        let status = "HTTP \(response.status.code)\n"
        return request + status + fields.joined() + "\n\(response.text)\n"
    }
}
