import AsyncHTTPClient
public import KaunterAPI

/// Why a call has no reply.
public enum KaunterError: Error, Sendable, Equatable {
    /// The server refuses the call, and did nothing.
    ///
    /// `status` is the HTTP status, `code` a stable word for the reason, and `requestID` what to
    /// give to the operator with a question.
    case refused(status: Int, ErrorReply, code: String?, requestID: String?)

    /// The server has no time now, and did nothing. Call again after the seconds it names.
    case unavailable(retryAfterSeconds: Int?)

    /// Nothing was sent: the key can't sign, or the address is none.
    case notSent(reason: String)

    /// The request may have arrived or not: no answer came, or one that tells nothing.
    ///
    /// Call again with the same request. Creating the same payment or payout again is
    /// safe: it gives the first answer.
    case unknownFate(reason: String)

    /// An answer came that is not of the protocol; what was asked may have been done.
    case malformedReply(reason: String)
}

extension KaunterError {
    /// What an error of the transport means. Its text has no part of the request.
    init(transport error: any Error) {
        guard let error = error as? HTTPClientError else {
            self = .unknownFate(reason: "no answer came (\(type(of: error)))")
            return
        }
        if Self.beforeSending.contains(error) {
            self = .notSent(reason: error.shortDescription)
        } else {
            self = .unknownFate(reason: error.shortDescription)
        }
    }

    /// Errors after which no byte of the request can have left.
    private static let beforeSending: [HTTPClientError] = [
        .alreadyShutdown, .connectTimeout, .emptyHost, .emptyScheme, .invalidURL,
        .getConnectionFromPoolTimeout, .tlsHandshakeTimeout,
    ]
}
