/// How the house speaks to merchants' servers. Injected: a simulator has receivers of its own.
package protocol OutgoingHTTP: Sendable {
    /// Sends a request and returns the code of the answer. Never follows a redirect.
    ///
    /// - Parameter seconds: within which there is an answer or a fault, the look-up of the name
    ///   included.
    func send(
        _ request: OutgoingRequest, within seconds: Double
    ) async throws(OutgoingFault) -> Int
}

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
}

/// Why no answer came. Words for logs and the outbox: no address, no content.
package enum OutgoingFault: String, Error, Sendable {
    /// The URL is none that may be asked at all.
    case badAddress = "bad_address"
    /// The name has no address.
    case unresolved
    /// An address that must not be asked: private, local, or somebody's metadata.
    case forbiddenAddress = "forbidden_address"
    case timeout
    case unreachable
}
