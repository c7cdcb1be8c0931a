import KaunterCore
import KaunterDatabase
import KaunterStorage

/// Makes events, and puts those that are to be told into the outbox, in the commit that they are
/// about.
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

    /// The event of a payment's final status, and its delivery.
    func tell(_ payment: Payment, at now: Moment, _ trail: Trail?) throws {
        guard let type = EventType(payment: payment.status) else { return }
        let event = try insert(
            NewEvent(type, of: payment.account, payment: payment.id, trail: trail), at: now)
        try deliver(
            event, .payment(payment.id), of: payment.account,
            url: payment.targets.notificationEndpointURL,
            endpoint: payment.targets.notificationEndpointID, at: now, trail)
    }

    /// The event of a payout's final status: a payout's own, with its delivery, or that of the
    /// payment which a refund gives back.
    func tell(_ payout: Payout, at now: Moment, _ trail: Trail?) throws {
        switch payout.kind {
        case .payout:
            guard let type = EventType(payout: payout.status) else { return }
            let event = try insert(
                NewEvent(type, of: payout.account, payout: payout.id, trail: trail), at: now)
            try deliver(
                event, .payout(payout.id), of: payout.account,
                url: payout.targets.notificationEndpointURL,
                endpoint: payout.targets.notificationEndpointID, at: now, trail)
        case .refund(let payment):
            let isPaid = payout.status == .paid
            _ = try insert(
                NewEvent(
                    isPaid ? .paymentRefunded : .refundFailed, of: payout.account,
                    payment: payment, payout: payout.id, amount: payout.amount, trail: trail),
                at: now)
        case .suspenseReturn:
            break  // No merchant's money moved.
        }
    }

    /// The event of a payout that was paid and came back.
    func tellReturned(_ payout: Payout, at now: Moment, _ trail: Trail?) throws {
        let event: NewEvent? =
            switch payout.kind {
            case .payout:
                NewEvent(
                    .payoutReturned, of: payout.account, payout: payout.id, amount: payout.amount,
                    trail: trail)
            case .refund(let payment):
                NewEvent(
                    .refundFailed, of: payout.account, payment: payment, payout: payout.id,
                    amount: payout.amount, trail: trail)
            case .suspenseReturn: nil
            }
        if let event { _ = try insert(event, at: now) }
    }

    /// An event of money that an operator moved or keeps where it is.
    func tell(
        _ type: EventType, of payment: Payment, amount: Money? = nil, at now: Moment
    ) throws {
        _ = try insert(
            NewEvent(type, of: payment.account, payment: payment.id, amount: amount), at: now)
    }

    /// Sends an event once more: what waits of it at once, else by a new delivery to where its
    /// payment or payout wants it today. Returns whether something is on its way.
    func resend(_ event: MerchantEvent, at now: Moment) throws -> Bool {
        guard event.type.isNotified, let subject = event.subject else { return false }
        if try reading.isBeingDelivered(event.id) {
            _ = try makeDue(ofEvent: event.id, at: now)
            return true
        }
        let (url, endpoint) = try reading.target(of: subject)
        return try deliver(
            event.id, subject, of: event.account, url: url, endpoint: endpoint, at: now, nil,
            isResent: true)
    }

    /// Puts an event into the outbox, if the merchant named a place for it. A URL wins over an
    /// endpoint's id (contract §1.1, §4). Returns whether there is such a place.
    @discardableResult
    private func deliver(
        _ event: MerchantEvent.ID, _ subject: NotificationSubject,
        of accountID: MerchantAccount.ID, url: String?, endpoint id: Int64?, at now: Moment,
        _ trail: Trail?, isResent: Bool = false
    ) throws -> Bool {
        guard let account = try reading.account(accountID) else {
            throw DatabaseFault(.malformed, "an event of no account")
        }
        var place: (queue: String, url: String, digest: MessageDigest)?
        if let url {
            guard case .success(let address) = WebAddress.parse(url) else { return false }
            place = (Self.queue(of: address, accountID), url, account.settings.digest)
        } else if let id, let endpoint = try reading.endpoint(id, of: accountID),
            endpoint.removedAt == nil
        {
            let digest = endpoint.digest ?? account.settings.digest
            place = (Self.queue(ofEndpoint: id), endpoint.url, digest)
        }
        guard let place else { return false }
        try insert(
            NewDelivery(
                of: event, subject: subject, account: accountID, endpoint: url == nil ? id : nil,
                url: place.url, queue: place.queue, digest: place.digest, trail: trail,
                sign: isResent ? reading.sign(ofEvent: event, place.digest) : nil,
                isResent: isResent), at: now)
        return true
    }
}

extension Reading {
    /// Where a payment or payout wants to be told of.
    fileprivate func target(
        of subject: NotificationSubject
    ) throws -> (url: String?, endpoint: Int64?) {
        switch subject {
        case .payment(let id):
            let targets = try payment(id)?.targets
            return (targets?.notificationEndpointURL, targets?.notificationEndpointID)
        case .payout(let id):
            let targets = try payout(id)?.targets
            return (targets?.notificationEndpointURL, targets?.notificationEndpointID)
        }
    }
}
