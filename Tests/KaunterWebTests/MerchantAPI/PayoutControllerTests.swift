import HTTPTypes
import HummingbirdTesting
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@testable import KaunterWeb

/// Whole exchanges about payouts and the account (contract §1.4–1.6), compared with their goldens.
@Suite("The payout and account calls")
struct PayoutControllerTests {
    private func check(
        _ name: String, _ path: String, _ body: String, in house: WebHouse
    ) async throws {
        let response = try await house.payoutCall(path, body)
        try Golden.check(
            Exchange(.post, path, body, response).text, "PayoutController/\(name).http")
    }

    @Test("a payout is created, and a repeat gets the same bytes")
    func create() async throws {
        try await WebHouse.use { house in
            try await house.fund(sen: 10_000)
            try await check("create", Path.payout, WebHouse.payoutBody(), in: house)
            let first = try await house.payoutCall(Path.payout, WebHouse.payoutBody())
            let again = try await house.payoutCall(
                Path.payout,
                WebHouse.payoutBody {
                    $0["amount"] = .number("40")
                    $0["number"] = "12345678901234"
                    $0["extra"] = ["a": 1]
                })
            #expect(again.bytes == first.bytes)
            #expect(try await house.rowCounts()["payouts"] == 1)
            try await check(
                "create-differing-repeat", Path.payout,
                WebHouse.payoutBody {
                    $0["amount"] = "40.01"
                    $0["number"] = "55555"
                }, in: house)
        }
    }

    @Test("what the balance can't cover is refused on the amount, and nothing is booked")
    func overdraft() async throws {
        try await WebHouse.use { house in
            try await house.fund(sen: 3_999)
            let before = try await house.rowCounts()
            try await check(
                "create-over-the-balance", Path.payout, WebHouse.payoutBody(), in: house)
            #expect(try await house.rowCounts() == before)
        }
    }

    @Test("all that is wrong is told at once")
    func faults() async throws {
        try await WebHouse.use { house in
            try await check("create-nothing", Path.payout, "{}", in: house)
            let body = WebHouse.payoutBody {
                $0["amount"] = "0.001"
                $0["service"] = "online_banking_myr_hpp"
                $0["number"] = .number("12345678")
                $0["customer_code"] = "MBB"
                $0["customer_first_name"] = ""
                $0["notification_endpoint_id"] = 77
                $0["notification_endpoint_url"] = "ftp://shop.example"
            }
            try await check("create-all-wrong", Path.payout, body, in: house)
            for number in ["1234", "123456789012345678901", "12a45", "１２３４５", "", "-----"] {
                let response = try await house.payoutCall(
                    Path.payout, WebHouse.payoutBody { $0["number"] = .string(number) })
                #expect(response.errors?.keys.contains("number") == true, "\(number)")
            }
            #expect(try await house.rowCounts()["payouts"] == 0)
        }
    }

    @Test("the payment key, and no key, sign nothing here")
    func keys() async throws {
        try await WebHouse.use { house in
            for path in [
                Path.payout, Path.payoutStatus, Path.payoutHistory, Path.accountBalance,
                Path.accountInfo,
            ] {
                #expect(try await house.call(path, "{}").status == .unauthorized)
                let unsigned = try await house.send(
                    .post, path, [], headers: [.account: house.account])
                #expect(unsigned.status == .unauthorized)
            }
            let payment = try await house.payoutCall(Path.paymentStatus, "{}")
            #expect(payment.status == .unauthorized)
        }
    }

    @Test("an account that may not pay out is told so", arguments: ["frozen", "off"])
    func forbidden(_ why: String) async throws {
        try await WebHouse.use { house in
            let account = house.house.account.id
            if why == "frozen" {
                try await house.engine.freeze(account: account, act: house.house.act())
            } else {
                _ = try await house.engine.setAccount(account) { $0.allowsPayouts = false }
            }
            let response = try await house.payoutCall(Path.payout, WebHouse.payoutBody())
            #expect(response.status == .forbidden)
            let info = try await house.payoutCall(Path.accountInfo, "[]")
            #expect(info.json.objectValue?["is_allowed_payout"] == false)
        }
    }

    @Test(
        "the status while a payout waits, and when it is final",
        arguments: [nil, "paid", "fail", "cancel"] as [String?])
    func status(_ outcome: String?) async throws {
        try await WebHouse.use { house in
            try await house.fund(sen: 10_000)
            try await house.house.setTerms { $0.feeFixed = .sen(50) }
            let created = try await house.payoutCall(Path.payout, WebHouse.payoutBody())
            let id = try #require(created.json.objectValue?["id"]?.integerValue)
            if let outcome {
                _ = try await house.decidePayout(id, #"{"outcome":"\#(outcome)"}"#)
            }
            try await check(
                "status-\(outcome ?? "wait")", Path.payoutStatus, #"{"order_id":"out-1"}"#,
                in: house)
            let byID = try await house.payoutCall(Path.payoutStatus, #"{"id":"\#(id)"}"#)
            #expect(byID.json.objectValue?["order_id"] == "out-1")
            let both = try await house.payoutCall(
                Path.payoutStatus, #"{"id":\#(id),"order_id":"another"}"#)
            #expect(both.status == .notFound)
            #expect(try await house.payoutCall(Path.payoutStatus, "{}").status == .badRequest)
            // A payment of the same number is no payout.
            let payment = try await house.payoutCall(Path.payoutStatus, #"{"id":100000001}"#)
            #expect(payment.status == .notFound)
        }
    }

    @Test("the history has payouts only, page by page")
    func history() async throws {
        try await WebHouse.use { house in
            try await check("history-empty", Path.payoutHistory, "{}", in: house)
            try await house.fund(sen: 100_000)
            for number in 1...3 {
                _ = try await house.payoutCall(
                    Path.payout, WebHouse.payoutBody { $0["order_id"] = .string("out-\(number)") })
            }
            try await check(
                "history-page", Path.payoutHistory, #"{"page":2,"paginate":2}"#, in: house)
        }
    }

    @Test(
        "the balance, whatever the body is",
        arguments: ["[]", "{}", #"{"a":[1]}"#, "[1]", "null", #""x""#])
    func balance(_ body: String) async throws {
        try await WebHouse.use { house in
            try await house.house.setTerms {
                $0.feeFixed = .sen(50)
                $0.holdDays = 1
                $0.reservePercent = Percentage(clamping: 100_000)
                $0.reserveDays = 30
            }
            try await house.fund(sen: 10_000, orderID: "held")
            try await house.house.setTerms { $0.feeFixed = .sen(50) }
            try await house.fund(sen: 10_000)
            _ = try await house.payoutCall(Path.payout, WebHouse.payoutBody())
            let response = try await house.payoutCall(Path.accountBalance, body)
            #expect(
                response.text
                    == #"{"currency":"MYR","balance":"59.00000000","hold":"89.55000000","#
                    + #""rolling_reserve":"9.95000000","pending_payouts":"40.50000000"}"#)
        }
    }

    @Test("what an account may do, where rails are and where none is")
    func info() async throws {
        try await WebHouse.use { house in
            try await check("info", Path.accountInfo, "[]", in: house)
        }
        var bare = WebHouse.Plan()
        bare.rails = []
        try await WebHouse.use(bare) { house in
            try await check("info-without-rails", Path.accountInfo, "[]", in: house)
        }
    }

    @Test("the sandbox decides at once, and a live house has no such route")
    func sandbox() async throws {
        try await WebHouse.use { house in
            try await house.fund(sen: 10_000)
            let created = try await house.payoutCall(Path.payout, WebHouse.payoutBody())
            let id = try #require(created.json.objectValue?["id"]?.integerValue)
            for body in ["{}", #"{"outcome":"wait"}"#, #"{"outcome":1}"#] {
                let refused = try await house.decidePayout(id, body)
                #expect(refused.errors?.keys.contains("outcome") == true)
            }
            #expect(try await house.decidePayout(1, #"{"outcome":"paid"}"#).status == .notFound)
            let paid = try await house.decidePayout(id, #"{"outcome":"paid"}"#)
            #expect(paid.text == #"{"payment_status":"paid","id":\#(id)}"#)
            let later = try await house.decidePayout(id, #"{"outcome":"fail"}"#)
            #expect(later.string("payment_status") == "paid")
        }
        var live = WebHouse.Plan()
        live.mode = .live
        try await WebHouse.use(live) { house in
            let response = try await house.decidePayout(1, #"{"outcome":"paid"}"#)
            #expect(response.status == .notFound)
        }
    }

    @Test("a paid payment tells its fee, hold and balances")
    func paymentShares() async throws {
        try await WebHouse.use { house in
            try await house.fund(sen: 1_000)
            try await house.house.setTerms {
                $0.feePercent = Percentage(clamping: 25_000)
                $0.feeFixed = .sen(30)
                $0.holdDays = 1
            }
            let created = try await house.created { $0["amount"] = "100.00" }
            try await house.decide(created.uuid, #"{"outcome":"paid"}"#)
            let body = #"{"order_id":"order-1"}"#
            let response = try await house.call(Path.paymentStatus, body)
            try Golden.check(
                Exchange(.post, Path.paymentStatus, body, response).text,
                "PayoutController/payment-with-fee-and-hold.http")
        }
    }
}
