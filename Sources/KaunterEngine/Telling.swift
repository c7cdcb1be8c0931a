import KaunterCore
import KaunterDatabase
import KaunterStorage

/// Puts news into the outbox, in the commit that they are about.
extension Writing {
    /// Queues that the origins of one account fall into. Merchants choose origins freely (a
    /// subdomain for each order), and a claim's cost grows with the number of queues.
    private static let queuesPerAccount: UInt64 = 64

    /// The queue of a receiver that was named by URL: by account and origin; two origins of one
    /// account may share one.
    private static func queue(of address: WebAddress, _ account: MerchantAccount.ID) -> String {
        let number = ContentHash.of(address.origin.utf8) % queuesPerAccount
        return "account \(account.rawValue.text) \(number)"
    }

    /// The news of a payment's final status.
    func tell(_ payment: Payment, at now: Moment, _ trail: Trail?) throws {
        try tell(
            .payment(payment.id), of: payment.account,
            url: payment.targets.notificationEndpointURL,
            endpoint: payment.targets.notificationEndpointID, at: now, trail)
    }

    /// The news of a payout's final status.
    func tell(_ payout: Payout, at now: Moment, _ trail: Trail?) throws {
        try tell(
            .payout(payout.id), of: payout.account,
            url: payout.targets.notificationEndpointURL,
            endpoint: payout.targets.notificationEndpointID, at: now, trail)
    }

    /// Puts news into the outbox, if the merchant named a place for them. A URL wins over an
    /// endpoint's id (contract §1.1, §4).
    private func tell(
        _ subject: NotificationSubject, of accountID: MerchantAccount.ID, url: String?,
        endpoint id: Int64?, at now: Moment, _ trail: Trail?
    ) throws {
        guard let account = try reading.account(accountID) else {
            throw DatabaseFault(.malformed, "news of no account")
        }
        if let url {
            guard case .success(let address) = WebAddress.parse(url) else { return }
            try insert(
                NewDelivery(
                    subject: subject, account: accountID, endpoint: nil, url: url,
                    queue: Self.queue(of: address, accountID), digest: account.settings.digest,
                    trail: trail), at: now)
        } else if let id, let endpoint = try reading.endpoint(id, of: accountID) {
            try insert(
                NewDelivery(
                    subject: subject, account: accountID, endpoint: id, url: endpoint.url,
                    queue: "endpoint \(id)", digest: endpoint.digest ?? account.settings.digest,
                    trail: trail), at: now)
        }
    }
}
