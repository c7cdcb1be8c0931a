import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

extension PayoutStatusReply {
    /// What a merchant is told of a payout (contract §1.5).
    ///
    /// The fee and both balances are known from the reservation on. What was paid is null until the
    /// status is final, and nothing afterwards unless it is `paid`.
    init(_ payout: Payout) {
        self.init(
            paymentStatus: payout.status.rawValue, id: payout.id.rawValue,
            orderID: payout.orderID, amount: payout.amount.decimal(),
            serviceCode: PayoutBank.service)
        commissionAmount = payout.commission.decimal()
        railReference = payout.railTransaction
        accountOldBalance = payout.oldAvailable.map { Money.sen($0).decimal() }
        accountNewBalance = payout.newAvailable.map { Money.sen($0).decimal() }
        guard payout.status.isFinal else { return }
        let isPaid = payout.status == .paid
        paymentAmount = (isPaid ? payout.amount : .zero).decimal()
        accountPaymentAmount = (isPaid ? payout.reserved : .zero).decimal()
    }
}

extension PayoutHistoryReply {
    /// A page of the history (contract §1).
    init(_ history: PayoutHistory, query: HistoryQuery, engine: Engine) {
        self.init(
            history.payouts.map { Entry($0) }, of: history.total, query: query,
            path: engine.installation.publicURL + Path.payoutHistory)
    }
}

extension PayoutHistoryReply.Entry {
    init(_ payout: Payout) {
        self.init(
            createdAt: payout.createdAt.malaysianText, id: payout.id.rawValue,
            orderID: payout.orderID, amount: payout.amount.decimal(decimals: Self.decimals),
            commissionAmount: payout.commission.decimal(decimals: Self.decimals),
            currency: payout.amount.currency.rawValue, status: payout.status.rawValue)
    }
}

extension Payout {
    /// Our fee: what is reserved for it while it waits; nothing is kept of what was given back.
    fileprivate var commission: Money {
        status == .wait || status == .paid ? fee : .zero
    }
}
