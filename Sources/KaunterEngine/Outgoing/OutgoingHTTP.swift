/// How the house speaks to merchants' servers. Injected: a simulator has receivers of its own.
package protocol OutgoingHTTP: Sendable {
    /// Sends a request and returns the answer. Never follows a redirect.
    ///
    /// - Parameter seconds: within which there is an answer or a fault, the look-up of the name
    ///   included.
    func send(
        _ request: OutgoingRequest, within seconds: Double
    ) async throws(OutgoingFault) -> OutgoingAnswer
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
    /// It could not be signed, so it was not sent.
    case unsigned
}
