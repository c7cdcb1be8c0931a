import KaunterAPI
import KaunterCore

extension NotificationWorker {
    /// Sends a notification as its endpoint wants it.
    func send(
        _ message: NotificationMessage, sign: String?, _ signer: WebhookSigner,
        for delivery: Delivery
    ) async -> SendResult {
        let sender = NotificationSender(
            http: http, surroundings: engine.surroundings, signer: signer)
        return await sender.send(
            message, sign: sign, to: delivery.url, by: delivery.method,
            isLearned: delivery.isLearned)
    }
}
