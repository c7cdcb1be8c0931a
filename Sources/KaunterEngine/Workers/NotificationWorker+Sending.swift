import KaunterAPI
import KaunterCore

extension NotificationWorker {
    /// Sends a notification as its endpoint wants it.
    func send(
        _ message: NotificationMessage, sign: String, for delivery: Delivery
    ) async -> SendResult {
        await NotificationSender(http: http, surroundings: engine.surroundings).send(
            message, sign: sign, to: delivery.url, by: delivery.method,
            isLearned: delivery.isLearned)
    }
}
