import KaunterAPI

/// Key pairs for a whole run: making one takes long.
struct TestKeys: Sendable {
    /// The test account's key for payments.
    let payment: SigningKey
    /// The test account's key for payouts.
    let payout: SigningKey
    /// The payment key of another account.
    let neighbour: SigningKey
    /// A key that nobody has uploaded.
    let stranger: SigningKey

    /// The pairs of this run.
    static let shared: Result<TestKeys, KeyFault> = Result { () throws(KeyFault) in
        TestKeys(
            payment: try SigningKey.generate(), payout: try SigningKey.generate(),
            neighbour: try SigningKey.generate(), stranger: try SigningKey.generate())
    }
}
