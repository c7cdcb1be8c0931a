package import KaunterCore

extension PaymentOrderDraft {
    /// A complete order that every test rail takes, changed as a test wants it.
    package static func sample(
        _ orderID: String = "order-1", amountSen: Int64 = 10_000, code: String = "CIMB",
        _ change: (inout PaymentOrderDraft) -> Void = { _ in }
    ) -> PaymentOrderDraft {
        var draft = PaymentOrderDraft()
        draft.orderID = orderID
        draft.amount = .sen(amountSen)
        draft.depositCode = Catalogue.depositCode(code)
        draft.service = draft.depositCode?.service
        draft.firstName = "Aisyah"
        draft.lastName = "Tan"
        draft.ip = "203.0.113.7"
        change(&draft)
        return draft
    }
}
