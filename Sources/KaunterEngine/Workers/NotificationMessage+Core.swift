import KaunterAPI
import KaunterCore
import KaunterStorage

extension Reading {
    /// What a notification says of a payment or payout that is final.
    func message(
        of subject: NotificationSubject, _ fields: NotificationFields
    ) throws -> NotificationMessage {
        switch subject {
        case .payment(let id):
            guard let payment = try payment(id) else { throw Refusal.notFound("payment") }
            return NotificationMessage(payment, fields)
        case .payout(let id):
            guard let payout = try payout(id) else { throw Refusal.notFound("payout") }
            return NotificationMessage(payout, fields)
        }
    }
}

extension NotificationMessage {
    /// What a final payment is told as.
    init(_ payment: Payment, _ fields: NotificationFields) {
        self.init(
            type: "payment", id: payment.id.rawValue, orderID: payment.orderID,
            paymentStatus: payment.status.rawValue, amount: payment.amount.decimal(),
            paymentAmount: (payment.paid ?? .zero).decimal(),
            commissionAmount: fields == .current ? payment.commission.decimal() : nil,
            isPartialPayment: payment.isPartial ?? false,
            account: payment.account.rawValue.text,
            service: payment.depositCode.service.rawValue, desc: payment.description)
    }

    /// What a final payout is told as: its amount and fee if it was paid, else nothing.
    init(_ payout: Payout, _ fields: NotificationFields) {
        let isPaid = payout.status == .paid
        self.init(
            type: "payout", id: payout.id.rawValue, orderID: payout.orderID,
            paymentStatus: payout.status.rawValue, amount: payout.amount.decimal(),
            paymentAmount: (isPaid ? payout.amount : .zero).decimal(),
            commissionAmount: fields == .current ? (isPaid ? payout.fee : .zero).decimal() : nil,
            isPartialPayment: false,
            account: payout.account.rawValue.text, service: PayoutBank.service,
            desc: payout.description)
    }
}
