import KaunterAPI
import KaunterCore
import KaunterDatabase
import KaunterRails
import KaunterStorage

/// What a delivery needs of the database before it can be sent.
struct PreparedNotification: Sendable {
    let message: NotificationMessage
    /// Whether this try counts as refused, which only a sandbox's `SimulatedFate.untold` asks for.
    let countsAsRefused: Bool
    /// The key for `sign`; nil where none is wanted, or it is made already.
    let key: SealedKey?
    /// What signs in the way of Standard Webhooks.
    let secrets: [WebhookSecret]

    /// A notification key whose private half is sealed.
    struct SealedKey: Sendable {
        let id: AccountKey.ID
        let sealed: String
    }
}

/// Prepares deliveries in one look: what several have in common is read once.
struct NotificationReading {
    private let reading: Reading
    private let now: Moment
    private let isSandbox: Bool
    private var keys: [MerchantAccount.ID: PreparedNotification.SealedKey] = [:]
    private var secrets: [Place: [WebhookSecret]] = [:]

    /// Where a secret belongs to.
    private struct Place: Hashable {
        let account: MerchantAccount.ID
        let endpoint: Int64?
    }

    init(_ reading: Reading, at now: Moment, isSandbox: Bool) {
        self.reading = reading
        self.now = now
        self.isSandbox = isSandbox
    }

    mutating func prepare(_ delivery: Delivery) throws -> PreparedNotification {
        PreparedNotification(
            message: try reading.message(of: delivery.subject, delivery.fields),
            countsAsRefused: try isUntold(delivery),
            key: delivery.isSigned && delivery.sign == nil ? try key(of: delivery.account) : nil,
            secrets: try secrets(of: Place(account: delivery.account, endpoint: delivery.endpoint)))
    }

    private func isUntold(_ delivery: Delivery) throws -> Bool {
        guard isSandbox, delivery.failures < SimulatedFate.refusedTries,
            case .payment(let id) = delivery.subject
        else { return false }
        return try reading.simulatedFate(of: id) == SimulatedFate.untold.rawValue
    }

    private mutating func key(
        of account: MerchantAccount.ID
    ) throws -> PreparedNotification.SealedKey {
        if let known = keys[account] { return known }
        guard let key = try reading.activeKeys(of: account, role: .notification, at: now).first,
            let sealed = try reading.sealedPrivateKey(of: key.id)
        else { throw DatabaseFault(.malformed, "an account without a notification key") }
        let found = PreparedNotification.SealedKey(id: key.id, sealed: sealed)
        keys[account] = found
        return found
    }

    private mutating func secrets(of place: Place) throws -> [WebhookSecret] {
        if let known = secrets[place] { return known }
        let found = try reading.webhookSecrets(
            of: WebhookSecret.Place(account: place.account, endpoint: place.endpoint), at: now)
        secrets[place] = found
        return found
    }
}
