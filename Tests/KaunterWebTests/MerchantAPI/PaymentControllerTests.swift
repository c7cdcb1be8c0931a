import HTTPTypes
import HummingbirdTesting
import KaunterAPI
import KaunterCore
import KaunterEngine
import TestSupport
import Testing

@testable import KaunterWeb

/// Whole exchanges of the merchant API (contract §1.1–1.3), each compared with its golden text.
@Suite("The payment calls")
struct PaymentControllerTests {
    /// Makes a call and compares the exchange with the golden of this name.
    private func check(
        _ name: String, _ path: String, _ body: String, in house: WebHouse
    ) async throws {
        let response = try await house.call(path, body)
        #expect(response.headers[.requestID]?.isEmpty == false)
        try Golden.check(
            Exchange(.post, path, body, response).text, "PaymentController/\(name).http")
    }

    @Test(
        "each kind of payment is created",
        arguments: [
            ("create-bank", "online_banking_myr_hpp", "CIMB"),
            ("create-fpx", "online_banking_myr_hpp", "FPX"),
            ("create-qr", "qr_code_myr_hpp", "DUITNOW"),
            ("create-wallet", "e_wallet_myr_hpp", "TNGODUITNOW"),
        ])
    func kinds(_ name: String, _ service: String, _ code: String) async throws {
        try await WebHouse.use { house in
            let body = WebHouse.body {
                $0["service"] = .string(service)
                $0["customer_code"] = .string(code)
                $0["success_redirect_url"] = "https://shop.example/thanks"
            }
            try await check(name, Path.payment, body, in: house)
        }
    }

    @Test("an answer without a redirect has null, one with an id has that redirect's URL")
    func redirects() async throws {
        try await WebHouse.use { house in
            let id = try await house.engine.addRedirect(
                url: "https://shop.example/by-id", method: .post, of: house.house.account.id)
            try await check("create-plain", Path.payment, WebHouse.body(), in: house)
            let byID = WebHouse.body {
                $0["order_id"] = "order-2"
                $0["success_redirect_id"] = .integer(id)
            }
            try await check("create-redirect-id", Path.payment, byID, in: house)
        }
    }

    @Test("a repeat gets the first answer byte for byte, whatever else has changed meanwhile")
    func repeats() async throws {
        try await WebHouse.use { house in
            let first = try await house.create { $0["desc"] = "two coffees" }
            house.clock.advance(seconds: 100)
            let again = try await house.create {
                $0["amount"] = .number("100.5")
                $0["customer_ip"] = "2001:db8::1"
                $0["desc"] = "something else"
                $0["browser"] = ["width": 390]
            }
            #expect(first.status == .ok)
            #expect(again.status == .ok)
            #expect(again.bytes == first.bytes)
            try await house.decide(first.string("uuid") ?? "", #"{"outcome":"paid"}"#)
            #expect(try await house.create().bytes == first.bytes)
            #expect(try await house.rowCounts()["payments"] == 1)
        }
    }

    @Test("a repeat that differs is refused with each field that differs")
    func differingRepeat() async throws {
        try await WebHouse.use { house in
            _ = try await house.created()
            let body = WebHouse.body {
                $0["amount"] = "100.51"
                $0["customer_code"] = "MBB"
                $0["fail_redirect_url"] = "https://shop.example/sorry"
            }
            try await check("create-differing-repeat", Path.payment, body, in: house)
            #expect(try await house.rowCounts()["payments"] == 1)
        }
    }

    @Test("after cancel or fail the order_id opens a new payment", arguments: ["cancel", "fail"])
    func reuse(_ outcome: String) async throws {
        try await WebHouse.use { house in
            let first = try await house.created()
            try await house.decide(first.uuid, #"{"outcome":"\#(outcome)"}"#)
            let second = try await house.created { $0["amount"] = "7.00" }
            #expect(second.uuid != first.uuid)
            let status = try await house.call(Path.paymentStatus, #"{"order_id":"order-1"}"#)
            #expect(status.json.objectValue?["id"] == .integer(second.id))
        }
    }

    @Test(
        "the status while a payment waits, and when it is final",
        arguments: [
            ("wait", nil), ("paid", #"{"outcome":"paid"}"#), ("fail", #"{"outcome":"fail"}"#),
            ("cancel", #"{"outcome":"cancel"}"#),
        ] as [(String, String?)])
    func status(_ name: String, _ outcome: String?) async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            if let outcome { try await house.decide(created.uuid, outcome) }
            try await check(
                "status-\(name)", Path.paymentStatus, #"{"order_id":"order-1"}"#, in: house)
        }
    }

    @Test("a part makes a payment paid where the account takes parts, and is kept apart elsewhere")
    func partialStatus() async throws {
        try await WebHouse.use { house in
            let body = #"{"order_id":"order-1"}"#
            let part = #"{"outcome":"paid","amount":"60.00"}"#
            try await house.decide(try await house.created().uuid, part)
            try await check("status-partial-refused", Path.paymentStatus, body, in: house)
            _ = try await house.engine.setAccount(house.house.account.id) {
                $0.partialMoney = .accept
            }
            let second = try await house.created { $0["order_id"] = "order-2" }
            try await house.decide(second.uuid, part)
            try await check(
                "status-partial-accepted", Path.paymentStatus, #"{"order_id":"order-2"}"#,
                in: house)
        }
    }

    @Test("a payment is found by order_id, by id, by id as a string, and by both if they agree")
    func lookups() async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            let other = try await house.created { $0["order_id"] = "order-2" }
            for body in [
                #"{"order_id":"order-1"}"#, #"{"id":\#(created.id)}"#, #"{"id":"\#(created.id)"}"#,
                #"{"id":\#(created.id),"order_id":"order-1"}"#,
                #"{"id":\#(created.id),"order_id":""}"#,
            ] {
                let response = try await house.call(Path.paymentStatus, body)
                #expect(response.status == .ok, "\(body)")
                #expect(response.json.objectValue?["id"] == .integer(created.id), "\(body)")
            }
            for body in [
                #"{"order_id":"order-3"}"#, #"{"id":1}"#, #"{"id":-1}"#,
                #"{"id":9223372036854775807}"#,
                #"{"id":\#(other.id),"order_id":"order-1"}"#,
            ] {
                let response = try await house.call(Path.paymentStatus, body)
                #expect(response.status == .notFound, "\(body)")
            }
        }
    }

    @Test("by order_id the paid payment is shown, else the newest")
    func newestOrPaid() async throws {
        try await WebHouse.use { house in
            let failed = try await house.created()
            try await house.decide(failed.uuid, #"{"outcome":"fail"}"#)
            let paid = try await house.created()
            try await house.decide(paid.uuid, #"{"outcome":"paid"}"#)
            let status = try await house.call(Path.paymentStatus, #"{"order_id":"order-1"}"#)
            #expect(status.string("payment_status") == "paid")
            #expect(status.json.objectValue?["id"] == .integer(paid.id))
        }
    }

    @Test("what is wrong with a question is said of its fields")
    func statusFaults() async throws {
        try await WebHouse.use { house in
            try await check("status-neither", Path.paymentStatus, "{}", in: house)
            try await check(
                "status-wrong-types", Path.paymentStatus, #"{"id":1.5,"order_id":["a"]}"#, in: house
            )
        }
    }

    @Test("another account's payment does not exist")
    func othersPayment() async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            for body in [#"{"id":\#(created.id)}"#, #"{"order_id":"order-1"}"#] {
                let response = try await house.send(
                    .post, Path.paymentStatus, Array(body.utf8),
                    headers: [
                        .account: house.neighbour,
                        .sign: try house.keys.neighbour.sign(Array(body.utf8), digest: .sha256),
                    ])
                #expect(response.status == .notFound)
            }
        }
    }
}
