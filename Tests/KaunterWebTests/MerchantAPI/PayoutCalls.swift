import HTTPTypes
import HummingbirdTesting
import KaunterAPI
import KaunterCore
import TestSupport

@testable import KaunterWeb

/// What tests of payouts ask of the site.
extension WebHouse {
    /// Sends a JSON text, signed with the account's payout key.
    func payoutCall(_ path: String, _ body: String) async throws -> TestResponse {
        let bytes = Array(body.utf8)
        return try await send(
            .post, path, bytes,
            headers: [.account: account, .sign: try keys.payout.sign(bytes, digest: .sha1)])
    }

    /// Gives the account so much to pay out.
    func fund(sen: Int64, orderID: String = "funds") async throws {
        let created = try await created {
            $0["amount"] = .string(Money.sen(sen).decimal())
            $0["order_id"] = .string(orderID)
        }
        try await decide(created.uuid, #"{"outcome":"paid"}"#)
    }

    /// The sandbox's trigger for payouts.
    func decidePayout(_ id: Int64, _ body: String) async throws -> TestResponse {
        try await send(.post, "/sandbox/v1/payouts/\(id)", Array(body.utf8))
    }

    /// A complete body of a payout.
    static func payoutBody(_ change: (inout JSONObject) -> Void = { _ in }) -> String {
        var body: JSONObject = [
            "amount": "40.00", "order_id": "out-1", "service": "payment_card_myr",
            "number": "1234-5678 9012 34", "customer_code": "BIMB",
            "customer_first_name": "Aisyah", "customer_last_name": "Tan",
        ]
        change(&body)
        return JSONValue.object(body).text
    }
}
