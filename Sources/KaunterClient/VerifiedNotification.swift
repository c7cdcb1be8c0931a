public import KaunterAPI

/// A notification that the gateway has signed. Only `NotificationVerifier` can make one.
///
/// The same notification may come more than once, and `message.amount` is what was asked: compare
/// it with the order, and look at `message.paymentStatus` and `message.paymentAmount` before goods
/// leave the house. `message.type` says whether it is about a payment or a payout.
public struct VerifiedNotification: Sendable, Equatable {
    /// What the gateway says.
    public let message: NotificationMessage

    /// The digest of the signature.
    public let digest: SignatureDigest
}

/// A redirect that the gateway has signed. Only `NotificationVerifier` can make one.
///
/// It proves that the payer comes from this payment, and not that the payment is paid: ask for the
/// status, or wait for the notification.
public struct VerifiedRedirect: Sendable, Equatable {
    /// What the payer's browser brought.
    public let message: RedirectMessage

    /// The digest of the signature.
    public let digest: SignatureDigest
}

/// Why a notification or a redirect is not to be believed.
public enum VerificationFault: Error, Sendable, Equatable {
    /// A field is missing, comes twice, or has a form that the protocol does not know.
    case malformed(reason: String)
    /// There is no signature.
    case unsigned
    /// The signature is not the gateway's over these fields.
    case wrongSignature
    /// The notification is genuine, and about another account.
    case otherAccount
    /// The notification is genuine, and was not sent now: somebody may have kept it.
    case outsideTolerance
}
