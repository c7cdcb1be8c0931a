import KaunterAPI
import KaunterCore

/// Makes the headers of Standard Webhooks for the requests of one try: they are made anew for each,
/// since verifiers refuse old times (contract §4).
struct WebhookSigner {
    /// Names the event: the same for each try, and without a full stop.
    let messageID: String
    let keys: [StandardWebhookKey]

    /// The headers of a request that goes out now.
    ///
    /// - Throws: `OutgoingFault.unsigned` where the system's library can't sign.
    func headers(
        of body: OutgoingRequest.Body, to url: String, at now: Moment
    ) throws(OutgoingFault) -> StandardWebhookHeaders {
        let payload = Array(Self.payload(of: body, to: url).utf8)
        do throws(KeyFault) {
            return try StandardWebhookKey.sign(
                payload, id: messageID, timestamp: now.microseconds / 1_000_000, by: keys)
        } catch {
            throw .unsigned
        }
    }

    /// What is signed of a request: its body, or of a GET its query as it goes out, without `?`.
    private static func payload(of body: OutgoingRequest.Body, to url: String) -> String {
        switch body {
        case .form(let text), .json(let text): return text
        case .none:
            let sent = PinnedTarget(url)?.url ?? url
            guard let mark = sent.firstIndex(of: "?") else { return "" }
            return String(sent[mark...].dropFirst().prefix { $0 != "#" })
        }
    }
}

extension NotificationWorker {
    /// What signs the tries of a delivery beside `sign`.
    ///
    /// - Parameter secrets: its place's, as they were read; a place that has no current one gets
    ///   its first one here.
    func webhookSigner(
        of secrets: [WebhookSecret], for delivery: Delivery
    ) async throws -> WebhookSigner {
        let place = WebhookSecret.Place(account: delivery.account, endpoint: delivery.endpoint)
        return WebhookSigner(
            messageID: MerchantEvent.name(delivery.event),
            keys: try await engine.webhookKeys(of: place, secrets))
    }
}
