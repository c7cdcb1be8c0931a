import Foundation
import KaunterCore

/// Something that happens to money, and the function of the accounting policy that says what it
/// means.
struct PolicyEvent {
    let reason: TransferReason
    let phase: Transfer.Phase
    let sen: Int64
    let options: [String: String]

    static let account = MerchantAccount.ID(rawValue: UUID())
    static let rail = "qr"
    private static let cause: Int64 = 11

    /// The policy's function, by its name and its first parameter.
    var function: String {
        switch reason {
        case .partReceived: "partReceived receipt"
        case .paymentPaid: "paid _ payment"
        case .suspended: "suspended entry"
        case .suspenseReleased: "suspenseReleased entry"
        case .suspenseConfirmed: "confirmed entry"
        case .suspenseAssigned: "assigned entry"
        case .holdReleased: "released hold"
        case .payoutReserved, .refundReserved, .returnReserved: "reserved _ payout"
        case .payoutPaid, .refundPaid, .returnPaid: "paid _ payout"
        case .payoutVoided, .refundVoided, .returnVoided: "voided _ payout"
        case .payoutReturned: "returned _ payout"
        case .feeReturned: "feeReturned refund"
        case .paymentReversed: "reversed act"
        case .paymentFrozen: "frozen act"
        case .paymentUnfrozen: "unfrozen act"
        case .adjusted: "adjusted act"
        case .settled: "settled settlement"
        }
    }

    /// What the policy books for it.
    func transfers(
        _ terms: Terms, tax: Percentage, _ balances: MerchantBalances
    ) throws -> [Transfer] {
        let (cause, rail, payment) = (Self.cause, Self.rail, payment)
        switch reason {
        case .partReceived:
            return [
                try AccountingPolicy.partReceived(
                    receipt: cause, payment: payment.id, rail: rail, sen: sen)
            ]
        case .paymentPaid:
            let kept = try option("kept")
            return [
                try AccountingPolicy.paid(
                    payment, rail: rail, arrived: sen - kept, kept: kept,
                    shares: terms.shares(of: .sen(sen)), isHeld: terms.holdDays > 0, taxRate: tax,
                    balances: balances)
            ]
        case .suspended:
            return [
                try AccountingPolicy.suspended(
                    entry: cause, payment: payment.id, rail: rail, sen: sen,
                    isClaim: phase == .pending)
            ]
        case .suspenseReleased:
            return [
                try AccountingPolicy.suspenseReleased(
                    entry: cause, payment: payment.id, rail: rail, sen: sen)
            ]
        case .suspenseConfirmed:
            return try AccountingPolicy.confirmed(
                entry: cause, payment: payment.id, rail: rail, sen: sen)
        case .suspenseAssigned:
            return [
                try AccountingPolicy.assigned(
                    entry: cause, as: payment, shares: terms.shares(of: .sen(sen)),
                    isHeld: terms.holdDays > 0, taxRate: tax, balances: balances)
            ]
        case .holdReleased:
            return [
                try AccountingPolicy.released(
                    hold: cause, from: AccountCode(rawValue: options["from"] ?? "") ?? .bank,
                    payment: payment.id, account: Self.account, sen: sen, balances: balances)
            ]
        case .settled:
            return [
                try AccountingPolicy.settled(
                    settlement: cause, rail: rail, sen: sen, cost: try option("cost"))
            ]
        case .payoutReserved, .payoutPaid, .payoutVoided, .payoutReturned, .refundReserved,
            .refundPaid, .refundVoided, .returnReserved, .returnPaid, .returnVoided, .feeReturned:
            return [try ofPayout(tax, balances)]
        case .paymentReversed, .paymentFrozen, .paymentUnfrozen, .adjusted:
            return [try ofOperator(balances)]
        }
    }

    private func ofPayout(_ tax: Percentage, _ balances: MerchantBalances) throws -> Transfer {
        let payout = try payout()
        switch reason {
        case .payoutReserved, .refundReserved, .returnReserved:
            return try AccountingPolicy.reserved(payout)
        case .payoutPaid, .refundPaid, .returnPaid:
            return try AccountingPolicy.paid(payout, taxRate: tax)
        case .payoutVoided, .refundVoided, .returnVoided:
            return try AccountingPolicy.voided(payout, balances: balances)
        case .feeReturned:
            return try AccountingPolicy.feeReturned(
                refund: payout, sen: sen, before: try option("before"),
                of: .sen(try option("fee")), feeTax: .sen(try option("tax")), balances: balances)
        default: return try AccountingPolicy.returned(payout, balances: balances)
        }
    }

    private func ofOperator(_ balances: MerchantBalances) throws -> Transfer {
        switch reason {
        case .paymentReversed:
            try AccountingPolicy.reversed(
                act: Self.cause, payment: payment, rail: Self.rail, sen: sen, balances: balances)
        case .paymentFrozen:
            try AccountingPolicy.frozen(act: Self.cause, payment: payment, sen: sen)
        case .paymentUnfrozen:
            try AccountingPolicy.unfrozen(
                act: Self.cause, payment: payment, sen: sen, balances: balances)
        default:
            try AccountingPolicy.adjusted(
                act: Self.cause, account: Self.account, sen: sen, balances: balances)
        }
    }

    // MARK: Whom it happens to

    private func option(_ name: String) throws -> Int64 {
        try options[name].map { try PolicyRow.sen($0) } ?? 0
    }

    private var payment: Payment {
        var payment = Payment(
            Sample.order(amount: .sen(max(1, sen))), id: Payment.ID(rawValue: 7), uuid: UUID(),
            account: Self.account, terms: nil, at: Sample.second(0))
        payment.paid = .sen(max(1, sen))
        return payment
    }

    private func payout() throws -> Payout {
        let word = options["of"] ?? String(reason.rawValue.prefix { $0 != "_" })
        let kind: Payout.Kind =
            switch word {
            case "refund", "fee": .refund(of: payment.id)
            case "return": .suspenseReturn(of: 3)
            default: .payout
            }
        return Payout(
            id: Payout.ID(rawValue: Self.cause), account: Self.account, kind: kind,
            orderID: "out-1", amount: .sen(sen), fee: .sen(try option("fee")),
            bank: Catalogue.payoutBanks[0], targets: Payout.Targets(), description: nil,
            rail: "transfer", reference: "REF", createdAt: Sample.second(0))
    }
}
