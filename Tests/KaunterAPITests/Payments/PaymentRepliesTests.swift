import KaunterAPI
import Testing

@Suite("Replies about payments")
struct PaymentRepliesTests {
    static let created =
        #"{"url":"https://pay.example/u","payment_status":"wait","id":108465371,"uuid":"u","#
        + #""success_redirect_url":null}"#

    static let status =
        #"{"url":"https://pay.example/u","payment_status":"paid","id":7,"order_id":"o/1","#
        + #""amount":"300.00","payment_amount":"300.00","is_partial_payment":false,"#
        + #""card_mask":null,"hold_amount":"0.00","hold_at":null,"#
        + #""account_payment_amount":"295.50","commission_amount":"4.50","#
        + #""service_code":"online_banking_myr_hpp","account_old_balance":"0.00","#
        + #""account_new_balance":"295.50"}"#

    static let history =
        #"{"data":[{"created_at":"2024-11-07 14:58:59","id":7,"order_id":"o/1","#
        + #""amount":"5000.000000000","commission_amount":null,"currency":"MYR","#
        + #""status":"wait"}],"#
        + #""links":{"first":"https://pay.example/v1/payment/history?page=1","#
        + #""last":"https://pay.example/v1/payment/history?page=2","prev":null,"next":"n"},"#
        + #""meta":{"current_page":1,"from":1,"last_page":2,"#
        + #""path":"https://pay.example/v1/payment/history","per_page":12,"to":12,"total":13}}"#

    @Test("a created payment is read and written as documented")
    func createdPayment() throws {
        let reply = try CreatePaymentReply(json: JSONValue(parsing: Self.created.utf8))
        #expect(reply.id == 108_465_371)
        #expect(reply.successRedirectURL == nil)
        #expect(reply.json.text == Self.created)
    }

    @Test("a status is read and written as documented")
    func paymentStatus() throws {
        let reply = try PaymentStatusReply(json: JSONValue(parsing: Self.status.utf8))
        #expect(reply.accountPaymentAmount == "295.50")
        #expect(reply.cardMask == nil)
        #expect(reply.json.text == Self.status)
    }

    @Test("what a waiting payment does not know yet is null")
    func waitingStatus() throws {
        let reply = PaymentStatusReply(
            url: "u", paymentStatus: "wait", id: 1, orderID: "o", amount: "1.00", serviceCode: "s")
        let nulls = reply.json.objectValue?.members.filter(\.value.isNull).map(\.key)
        #expect(
            nulls == [
                "payment_amount", "card_mask", "hold_amount", "hold_at", "account_payment_amount",
                "commission_amount", "account_old_balance", "account_new_balance",
            ])
        #expect(try PaymentStatusReply(json: reply.json) == reply)
    }

    @Test("a page of the history is read and written as documented")
    func paymentHistory() throws {
        let reply = try PaymentHistoryReply(json: JSONValue(parsing: Self.history.utf8))
        #expect(reply.data.map(\.orderID) == ["o/1"])
        #expect(reply.links.next == "n")
        #expect(reply.meta.total == 13)
        #expect(reply.json.text == Self.history)
    }

    @Test("an empty page has nulls where there is no payment")
    func emptyHistory() throws {
        let reply = PaymentHistoryReply(
            data: [], links: .init(first: "f", last: "f", prev: nil, next: nil),
            meta: .init(
                currentPage: 1, from: nil, lastPage: 1, path: "p", perPage: 12, to: nil, total: 0))
        #expect(
            reply.json.text == #"{"data":[],"links":{"first":"f","last":"f","prev":null,"#
                + #""next":null},"meta":{"current_page":1,"from":null,"last_page":1,"path":"p","#
                + #""per_page":12,"to":null,"total":0}}"#)
        #expect(try PaymentHistoryReply(json: reply.json) == reply)
    }

    @Test("keys in another order and unknown ones do not matter")
    func tolerant() throws {
        let original = try #require(JSONValue(parsing: Self.status.utf8).objectValue)
        let members = original.members.reversed().map { ($0.key, $0.value) }
        let shuffled = JSONValue.object(JSONObject(members: [("new", 1)] + members))
        let expected = try PaymentStatusReply(json: .object(original))
        #expect(try PaymentStatusReply(json: shuffled) == expected)
    }

    @Test("a reply without one of its required keys, or with a wrong kind, is malformed")
    func malformed() throws {
        let original = try #require(JSONValue(parsing: Self.created.utf8).objectValue)
        for key in ["url", "payment_status", "id", "uuid"] {
            for value: JSONValue? in [Optional.none, .null, [1], true] {
                var changed = original
                changed[key] = value
                let fault = #expect(throws: MalformedMessage.self) {
                    try CreatePaymentReply(json: .object(changed))
                }
                #expect(fault?.reason.hasPrefix(key + " ") == true)
            }
        }
        #expect(throws: MalformedMessage.self) { try CreatePaymentReply(json: [1]) }
        #expect(throws: MalformedMessage.self) { try PaymentHistoryReply(json: ["data": [1]]) }
    }
}
