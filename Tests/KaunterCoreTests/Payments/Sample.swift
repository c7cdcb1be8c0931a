import Foundation
import KaunterCore

/// The payment that the tests here are about: RM 100.00, created at second 0, open for 1,800
/// seconds. Its attempts begin at second 1,500, and their rail may take until second 2,100.
enum Sample {
    static let bank = Catalogue.fpxBanks[0]
    static let deadlineSeconds: Int64 = 600

    /// So many seconds after the payment was created.
    static func second(_ second: Int64) -> Moment {
        Moment(microseconds: 0).adding(seconds: second)
    }

    static func order(
        amount: Money = .sen(100_00), code: DepositCode = bank,
        targets: PaymentOrder.Targets = PaymentOrder.Targets(), lifetimeSeconds: Int64 = 1800
    ) -> PaymentOrder {
        PaymentOrder(
            orderID: "order-1", amount: amount, depositCode: code,
            payer: PaymentOrder.Payer(
                firstName: "Siti", lastName: "Aminah", ip: "192.0.2.1", furtherFields: "{}"),
            targets: targets, description: nil, lifetimeSeconds: lifetimeSeconds)
    }

    static func payment(of order: PaymentOrder = order()) -> Payment {
        Payment(
            order, id: Payment.ID(rawValue: 7), uuid: UUID(),
            account: MerchantAccount.ID(rawValue: UUID()), terms: nil, at: second(0))
    }

    static func attempt(
        _ number: Int, _ state: Attempt.State, of payment: Payment, amount: Money? = nil
    ) -> Attempt {
        let isOpen = state == .intended || state == .open
        return Attempt(
            id: Int64(number), payment: payment.id, number: number, rail: "bank",
            reference: "REF\(number)", depositCode: bank, amount: amount ?? payment.missing,
            state: state, begunAt: second(1500), deadlineAt: second(1500 + deadlineSeconds),
            nextEnquiryAt: isOpen ? second(1520) : nil, endedAt: isOpen ? nil : second(1550))
    }

    static func plan(_ reference: String) -> AttemptPlan {
        AttemptPlan(
            rail: "bank", reference: reference, depositCode: bank,
            deadlineSeconds: deadlineSeconds)
    }

    static func receipt(
        _ sen: Int64, for reference: String = "", currency: String = "MYR"
    ) -> RailReceipt {
        RailReceipt(
            transaction: "T", reference: reference, minorUnits: sen, currency: currency)
    }
}
