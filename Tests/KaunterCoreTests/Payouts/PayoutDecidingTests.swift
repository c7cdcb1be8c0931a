import Foundation
import KaunterCore
import Testing

/// Every state of a payout against everything that can happen to it.
@Suite("What becomes of a payout")
struct PayoutDecidingTests {
    /// state: event → status stage sends bookings. A state is `stage/sends`, or a final status;
    /// `late` is after the deadline. `same` means that nothing moves.
    private static let table = """
        approval/0: approved → wait due 0 -
        approval/0: cancelled → cancel settled 0 voided
        approval/0: sending → same
        approval/0: paid → same
        approval/0: refused → same
        due/0: sending → wait intended 1 -
        due/0: cancelled → cancel settled 0 voided
        due/0: approved → no
        due/0: paid → same
        due/0: refused → same
        due/0: notFound late → same
        due/1: sending → wait intended 2 -
        due/1: cancelled → no
        due/1: paid → paid settled 1 paid
        due/1: refused → fail settled 1 voided
        due/1: pending → same
        due/1: notFound late → same
        due/1: notSent → same
        intended/1: sending → same
        intended/1: cancelled → no
        intended/1: paid → paid settled 1 paid
        intended/1: refused → fail settled 1 voided
        intended/1: pending → wait unknown 1 -
        intended/1: notFound → wait unknown 1 -
        intended/1: notFound late → wait due 1 -
        intended/1: notSent → wait due 0 -
        intended/1: returned → paid settled 1 paid,returned
        unknown/1: sending → same
        unknown/1: cancelled → no
        unknown/1: paid → paid settled 1 paid
        unknown/1: refused → fail settled 1 voided
        unknown/1: pending → wait unknown 1 -
        unknown/1: notFound → wait unknown 1 -
        unknown/1: notFound late → wait due 1 -
        unknown/5: notFound → wait unknown 5 -
        unknown/5: notFound late → fail settled 5 voided
        due/5: notFound late → same
        unknown/1: returned → paid settled 1 paid,returned
        paid: paid → same
        paid: refused → same
        paid: notFound late → same
        paid: pending → same
        paid: sending → same
        paid: cancelled → no
        paid: approved → no
        paid: returned → paid settled 1 returned
        returned: returned → same
        returned: paid → same
        fail: paid → same
        fail: returned → same
        fail: refused → same
        fail: cancelled → no
        cancel: paid → same
        cancel: sending → same
        cancel: cancelled → no
        """

    private static let now = Moment(microseconds: 1_000_000_000)

    @Test("the whole table", arguments: table.split(separator: "\n").map(String.init))
    func row(_ row: String) throws {
        let halves = row.split(separator: "→").map { $0.trimmingCharacters(in: .whitespaces) }
        let left = halves[0].split(separator: ": ").map(String.init)
        let payout = try Self.payout(left[0])
        let event = try Self.event(left[1])
        let deadline = left[1].hasSuffix("late") ? Self.now : Self.now.adding(seconds: 9)
        var asked = payout
        asked.deadlineAt = deadline
        if halves[1] == "no" {
            #expect(throws: Refusal.self) {
                try asked.deciding(event, returnCheckSeconds: nil, at: Self.now)
            }
            return
        }
        let decision = try asked.deciding(event, returnCheckSeconds: nil, at: Self.now)
        let after = decision.payout
        let bookings = decision.bookings.map(\.rawValue).joined(separator: ",")
        let found =
            "\(after.status.rawValue) \(after.stage.rawValue) \(after.sends) "
            + (bookings.isEmpty ? "-" : bookings)
        let same = "\(asked.status.rawValue) \(asked.stage.rawValue) \(asked.sends) -"
        #expect(found == (halves[1] == "same" ? same : halves[1]))
        #expect(after.reference == asked.reference)
        // What waits is looked at again; what is final is not, unless it may come back.
        if after.status == .wait, after.stage == .due || after.stage == .unknown {
            #expect(after.nextAt != nil)
        }
    }

    @Test("an account number is digits, spaces and hyphens aside")
    func numbers() {
        for (text, number) in [
            ("12345", "12345"), ("1234-5678 90", "1234567890"), ("00012", "00012"),
        ] {
            #expect(Payee.number(text) == number)
        }
        for text in ["", "1234", "123456789012345678901", "12a45", "１２３４５", "12_345", "-----"] {
            #expect(Payee.number(text) == nil)
        }
    }

    private static func payout(_ state: String) throws -> Payout {
        let bank = try #require(Catalogue.payoutBank("GXB"))
        var payout = Payout(
            id: Payout.ID(rawValue: 1), account: MerchantAccount.ID(rawValue: UUID()),
            kind: .payout, orderID: "o", amount: .sen(100), fee: .zero, bank: bank,
            targets: Payout.Targets(), description: nil, rail: "r", reference: "ref",
            createdAt: now)
        payout.nextAt = now
        let parts = state.split(separator: "/").map(String.init)
        if let stage = Payout.Stage(rawValue: parts[0]), stage != .settled {
            payout.stage = stage
            payout.sends = try #require(Int(parts[1]))
            return payout
        }
        payout.stage = .settled
        payout.sends = 1
        payout.finalAt = now
        payout.nextAt = nil
        payout.status = try #require(
            PaymentStatus(rawValue: state == "returned" ? "paid" : state))
        if state == "returned" { payout.returnedAt = now }
        return payout
    }

    private static func event(_ text: String) throws -> PayoutEvent {
        switch text.split(separator: " ").first {
        case "approved": .approved
        case "cancelled": .cancelled
        case "sending": .sending(deadlineSeconds: 30)
        case "paid": .railAnswered(.paid(transaction: "T"))
        case "refused": .railAnswered(.refused(code: "X"))
        case "pending": .railAnswered(.pending)
        case "notFound": .railAnswered(.notFound)
        case "notSent": .railAnswered(.notSent)
        case "returned": .railAnswered(.returned)
        default: throw Refusal.notFound(text)
        }
    }
}
