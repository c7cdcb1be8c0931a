import KaunterAPI
import Testing

@testable import KaunterWeb

/// Strictly typed clients refuse keys that they don't know, and some read them by place: answers
/// have exactly the contract's keys in its order, as raw text.
@Suite("The order of keys in answers")
struct AnswerOrderTests {
    /// The keys of the top object as they stand in the text.
    private static func keys(_ text: String) throws -> [String] {
        try JSONValue(parsing: text.utf8).objectValue?.keys ?? []
    }

    @Test("created, status, history and refusals")
    func order() async throws {
        try await WebHouse.use { house in
            let created = try await house.create()
            #expect(
                try Self.keys(created.text) == [
                    "url", "payment_status", "id", "uuid", "success_redirect_url",
                ])
            #expect(created.text.hasPrefix(#"{"url":"https://pay.example/"#))
            let status = try await house.call(Path.paymentStatus, #"{"order_id":"order-1"}"#)
            #expect(
                try Self.keys(status.text) == [
                    "url", "payment_status", "id", "order_id", "amount", "payment_amount",
                    "is_partial_payment", "card_mask", "hold_amount", "hold_at",
                    "account_payment_amount", "commission_amount", "service_code",
                    "account_old_balance", "account_new_balance",
                ])
            let history = try await house.call(Path.paymentHistory, "{}")
            #expect(try Self.keys(history.text) == ["data", "links", "meta"])
            let page = history.json.objectValue
            #expect(
                page?["data"]?.arrayValue?.first?.objectValue?.keys == [
                    "created_at", "id", "order_id", "amount", "commission_amount", "currency",
                    "status",
                ])
            #expect(page?["links"]?.objectValue?.keys == ["first", "last", "prev", "next"])
            #expect(
                page?["meta"]?.objectValue?.keys == [
                    "current_page", "from", "last_page", "path", "per_page", "to", "total",
                ])
            let refusal = try await house.call(Path.payment, "{}")
            #expect(try Self.keys(refusal.text) == ["message", "errors"])
        }
    }
}
