/// The names of the HTTP headers of the protocol.
public enum Header {
    /// The account's UUID.
    public static let account = "Account"

    /// Base64 of the signature over the exact bytes of the body (contract §2).
    public static let sign = "Sign"

    /// The request's id, for questions to the operator.
    public static let requestID = "X-Request-Id"

    /// A stable word for the reason of a refusal, beside the English of its message.
    public static let errorCode = "X-Error-Code"
}
