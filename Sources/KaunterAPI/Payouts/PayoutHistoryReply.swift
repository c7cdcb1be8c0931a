/// One page of an account's payouts, ordered by id: the same form as that of its payments
/// (contract §1).
public typealias PayoutHistoryReply = PaymentHistoryReply
