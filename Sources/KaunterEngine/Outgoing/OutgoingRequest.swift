package import KaunterAPI
import KaunterCore

/// A request to a merchant's server.
package struct OutgoingRequest: Sendable, Equatable {
    /// No body is a GET, any other a POST.
    package enum Body: Sendable, Equatable {
        case none
        case form(String)
        case json(String)
    }

    package let url: String
    package let body: Body
    /// The header `traceparent`, if this continues a trace.
    package let traceparent: String?
    /// The headers of Standard Webhooks.
    package let webhook: StandardWebhookHeaders?

    package init(
        url: String, body: Body, traceparent: String? = nil, webhook: StandardWebhookHeaders? = nil
    ) {
        self.url = url
        self.body = body
        self.traceparent = traceparent
        self.webhook = webhook
    }

    /// A notification as a receiver gets it by this method (contract §4), signed in both ways.
    init(
        telling message: NotificationMessage, sign: String, to url: String,
        by method: NotificationMethod, _ signer: WebhookSigner, at now: Moment
    ) throws(OutgoingFault) {
        let target = method == .get ? url.appending(query: message.query(sign: sign)) : url
        let body: Body =
            switch method {
            case .get: .none
            case .postForm: .form(message.form(sign: sign))
            case .postJSON: .json(message.jsonBody(sign: sign))
            }
        self.init(
            url: target, body: body,
            webhook: try signer.headers(of: body, to: target, at: now))
    }

    /// `GET` or `POST`.
    package var method: String { body == .none ? "GET" : "POST" }

    /// The header fields, in the order in which they are sent.
    package var fields: [(name: String, value: String)] {
        var fields = [
            (name: "User-Agent", value: "Kaunter"), (name: "Accept", value: "*/*"),
            (name: "Cache-Control", value: "no-store"),
        ]
        if let traceparent { fields.append((name: "traceparent", value: traceparent)) }
        fields += webhook?.fields.map { (name: $0.0, value: $0.1) } ?? []
        switch body {
        case .none: break
        case .form:
            fields.append((name: "Content-Type", value: "application/x-www-form-urlencoded"))
        case .json:
            fields.append((name: "Content-Type", value: "application/json"))
        }
        return fields
    }

    /// The body's text; nil if there is none.
    package var text: String? {
        switch body {
        case .none: nil
        case .form(let text), .json(let text): text
        }
    }
}
