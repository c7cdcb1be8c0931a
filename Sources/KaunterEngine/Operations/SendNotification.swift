package import KaunterAPI
package import KaunterCore
import KaunterStorage

/// A notification that was sent by hand.
package struct NotificationSentByHand: Sendable {
    /// What was signed.
    package let signedText: String
    /// The signature under it, in base64.
    package let sign: String
    package let digest: MessageDigest
    package let result: SendResult
}

extension Engine {
    /// Letters and digits of the id under which a notification is sent by hand.
    private static let messageIDLength = 20

    /// Signs a notification with the account's notification key and sends it once, for whoever
    /// tries out a receiver. It is in no outbox, is not tried again, and is about no payment of the
    /// store: what it says is the caller's word.
    ///
    /// It is signed in both ways, with the account's own secret, under an id of its own.
    ///
    /// - Parameters:
    ///   - digest: nil is the account's own.
    ///   - act: who sends it and why; needed in a live store, where a merchant would believe it.
    ///     It is stored before anything is sent.
    package func sendNotification(
        _ message: NotificationMessage, of account: MerchantAccount.ID, to url: String,
        by method: NotificationMethod, digest: MessageDigest?, act: ActRecord?,
        through http: any OutgoingHTTP
    ) async throws -> NotificationSentByHand {
        let settings = try await reader.read { try $0.account(account)?.settings }
        guard let settings else { throw Refusal.notFound("account") }
        let digest = digest ?? settings.digest
        let sign = try await sign(message.signedText, for: account, digest)
        if let act {
            let now = now
            _ = try await storage.write { try $0.record(act, at: now) }
        } else if !installation.isSandbox {
            throw Refusal.notAllowed("In a live store this needs an operator and a reason.")
        }
        let place = WebhookSecret.Place(account: account, endpoint: nil)
        let signer = WebhookSigner(
            messageID: "msg_\(surroundings.token(length: Self.messageIDLength))",
            keys: try await webhookKeys(of: place))
        let sender = NotificationSender(http: http, surroundings: surroundings, signer: signer)
        let result = await sender.send(message, sign: sign, to: url, by: method, isLearned: false)
        return NotificationSentByHand(
            signedText: message.signedText, sign: sign, digest: digest, result: result)
    }
}
