import KaunterCore
import Testing

@Suite("Drafts of payment orders")
struct PaymentOrderDraftTests {
    private static var full: PaymentOrderDraft {
        var draft = PaymentOrderDraft()
        draft.orderID = "order-1"
        draft.amount = .sen(100_00)
        draft.service = .onlineBanking
        draft.depositCode = Sample.bank
        draft.firstName = "Siti"
        draft.lastName = "Aminah"
        draft.ip = "192.0.2.1"
        return draft
    }

    @Test("a draft with every required part is an order, and the rest has defaults")
    func whole() {
        #expect(Self.full.order == Sample.order())
    }

    @Test(
        "without any one required part there is no order",
        arguments: 0..<6)
    func missing(part: Int) {
        var draft = Self.full
        switch part {
        case 0: draft.orderID = nil
        case 1: draft.amount = nil
        case 2: draft.depositCode = nil
        case 3: draft.firstName = nil
        case 4: draft.lastName = nil
        default: draft.ip = nil
        }
        #expect(draft.order == nil)
    }

    @Test("what is optional is carried over")
    func optional() throws {
        var draft = Self.full
        draft.description = "Two tickets"
        draft.lifetimeSeconds = 900
        draft.furtherFields = #"{"x":1}"#
        draft.targets.successRedirectID = 5
        let order = try #require(draft.order)
        #expect(order.description == "Two tickets")
        #expect(order.lifetimeSeconds == 900)
        #expect(order.payer.furtherFields == #"{"x":1}"#)
        #expect(order.targets.successRedirectID == 5)
        let payment = Sample.payment(of: order)
        #expect(payment.expiresAt == Sample.second(900))
        #expect(payment.description == "Two tickets")
        #expect(payment.status == .wait)
        #expect(payment.paid == nil)
    }
}
