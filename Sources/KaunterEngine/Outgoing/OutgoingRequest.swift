package import KaunterAPI
package import KaunterCore

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

    package init(url: String, body: Body, traceparent: String? = nil) {
        self.url = url
        self.body = body
        self.traceparent = traceparent
    }

    /// A notification as a receiver gets it by this method (contract §4).
    package init(
        telling message: NotificationMessage, sign: String, to url: String,
        by method: NotificationMethod, traceparent: String? = nil
    ) {
        switch method {
        case .get:
            self.init(
                url: url.appending(query: message.query(sign: sign)), body: .none,
                traceparent: traceparent)
        case .postForm:
            self.init(
                url: url, body: .form(message.form(sign: sign)), traceparent: traceparent)
        case .postJSON:
            self.init(
                url: url, body: .json(message.jsonBody(sign: sign)), traceparent: traceparent)
        }
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
