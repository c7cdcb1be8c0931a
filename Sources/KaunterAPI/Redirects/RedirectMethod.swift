/// How the payer's browser brings the fields back to the merchant (contract §5).
public enum RedirectMethod: String, Sendable, Hashable, CaseIterable {
    /// A form that is sent by itself.
    case post
    /// The same fields in the query, for shops whose cookies do not survive a form from elsewhere.
    case get
}
