import KaunterAPI
package import KaunterCore
import KaunterEngine
import KaunterStorage

/// What tests of payouts do.
extension EngineHouse {
    /// A payout order to this account number.
    package static func payoutDraft(
        _ orderID: String, sen: Int64, number: String = "12345678901234"
    ) -> PayoutOrderDraft {
        var draft = PayoutOrderDraft()
        draft.orderID = orderID
        draft.amount = .sen(sen)
        draft.isServiceKnown = true
        draft.bank = Catalogue.payoutBank("BIMB")
        draft.number = number
        draft.firstName = "Aminah"
        draft.lastName = "Siti"
        return draft
    }

    /// Asks for a payout and returns the answer as it goes to the merchant.
    package func answer(to draft: PayoutOrderDraft) async throws -> String {
        guard let order = draft.order else { throw Missing(what: "a field of the payout") }
        return try await engine.createPayout(order, draft: draft, for: account)
    }

    /// Asks for a payout and returns it as it is stored.
    package func payOut(
        _ orderID: String = "out-1", sen: Int64, number: String = "12345678901234"
    ) async throws -> Payout {
        let answer = try await answer(
            to: Self.payoutDraft(orderID, sen: sen, number: number))
        let reply = try CreatePayoutReply(json: JSONValue(parsing: Array(answer.utf8)))
        return try await stored(Payout.ID(rawValue: reply.id))
    }

    /// The payout as it is stored now.
    package func stored(_ id: Payout.ID) async throws -> Payout {
        guard let payout = try await engine.reader.read({ try $0.payout(id) }) else {
            throw Missing(what: "the payout")
        }
        return payout
    }
}
