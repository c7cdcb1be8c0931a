import Foundation
import HTTPTypes
import HummingbirdTesting
import KaunterAPI
import KaunterCore
import KaunterDatabase
import KaunterEngine
import TestSupport
import Testing

@testable import KaunterWeb

/// Every page that a payer can see, as a golden text.
@Suite("The payer's pages")
struct CheckoutPageTests {
    private func check(_ name: String, _ path: String, in house: WebHouse) async throws {
        try check(name, Exchange(.get, path, "", try await house.page(path)))
    }

    private func check(_ name: String, _ exchange: Exchange) throws {
        var text = exchange.text
        for (marker, word) in Self.varying {
            for part in exchange.response.text.components(separatedBy: marker).dropFirst() {
                let varying = String(part.prefix { $0 != "\"" && $0 != "." && $0 != "&" })
                text = text.replacing(marker + varying, with: "\(marker)(\(word))")
            }
        }
        try Golden.check(text, "CheckoutPages/\(name).html")
    }

    /// What comes before a part that is not the same in each run or on each system: signatures of
    /// a new key, hashes of assets, the drawing of a QR symbol.
    private static let varying = [
        ("name=\"sign\" value=\"", "sign"), ("&amp;sign=", "sign"), ("/assets/style.", "hash"),
        ("/assets/return.", "hash"), ("/assets/icon.", "hash"), ("<path d=\"", "symbol"),
    ]

    /// Starts an attempt and returns the path of the simulated bank's page.
    private func attempt(_ uuid: String, _ bank: String, in house: WebHouse) async throws -> String
    {
        let response = try await house.post("/\(uuid)/attempts", form: "bank=\(bank)")
        #expect(response.status == .seeOther)
        return response.location.replacing(EngineHouse.publicURL, with: "")
    }

    @Test(
        "the choice: one bank, the FPX list, a QR code, a wallet",
        arguments: [
            ("choice-bank", "online_banking_myr_hpp", "CIMB"),
            ("choice-fpx", "online_banking_myr_hpp", "FPX"),
            ("choice-qr", "qr_code_myr_hpp", "DUITNOW"),
            ("choice-wallet", "e_wallet_myr_hpp", "TNGODUITNOW"),
        ])
    func choices(_ name: String, _ service: String, _ code: String) async throws {
        try await WebHouse.use { house in
            let created = try await house.created {
                $0["amount"] = "12345.60"
                $0["service"] = .string(service)
                $0["customer_code"] = .string(code)
            }
            try await check(name, "/\(created.uuid)", in: house)
        }
    }

    @Test("the way to the bank and back: attempt, bank, declined, again, approved")
    func bank() async throws {
        try await WebHouse.use { house in
            let created = try await house.created { $0["customer_code"] = "FPX" }
            let page = "/\(created.uuid)"
            let bank = try await attempt(created.uuid, "MBBFPX", in: house)
            try await check("attempt-bank", page, in: house)
            try await check("bank-open", bank, in: house)
            _ = try await house.post(bank, form: "choice=decline")
            try await check("bank-declined", bank, in: house)
            try await check("choice-after-decline", page, in: house)
            let second = try await attempt(created.uuid, "HLBFPX", in: house)
            _ = try await house.post(second, form: "choice=cancel")
            try await check("choice-after-cancel", page, in: house)
            let third = try await attempt(created.uuid, "CIMBFPX", in: house)
            _ = try await house.post(third, form: "choice=approve&amount=100.50")
            try await check("bank-approved", third, in: house)
            try await check("outcome-paid", page, in: house)
        }
    }

    @Test("a QR code to scan, and a part of the sum")
    func qrCode() async throws {
        try await WebHouse.use { house in
            let created = try await house.created {
                $0["service"] = "qr_code_myr_hpp"
                $0["customer_code"] = "DUITNOW"
            }
            let page = "/\(created.uuid)"
            #expect(try await attempt(created.uuid, "DUITNOW", in: house) == page)
            try await check("attempt-qr", page, in: house)
            try await house.decide(created.uuid, #"{"outcome":"paid","amount":"40.00"}"#)
            try await check("choice-part-came", page, in: house)
        }
    }

    @Test("the outcomes", arguments: ["paid", "fail", "cancel"])
    func outcomes(_ outcome: String) async throws {
        try await WebHouse.use { house in
            let created = try await house.created {
                $0["success_redirect_url"] = "https://shop.example/thanks?order=1"
                $0["fail_redirect_url"] = "https://shop.example/sorry"
            }
            try await house.decide(created.uuid, #"{"outcome":"\#(outcome)"}"#)
            try await check("outcome-\(outcome)-form", "/\(created.uuid)", in: house)
        }
    }

    @Test("a link back for who wants GET, behind the query that is there")
    func link() async throws {
        try await WebHouse.use { house in
            _ = try await house.engine.setAccount(house.house.account.id) {
                $0.redirectMethod = .get
            }
            let created = try await house.created {
                $0["order_id"] = "a&b=c+d/é"
                $0["success_redirect_url"] = "https://shop.example/thanks?order=1&x=%20"
            }
            try await house.decide(created.uuid, #"{"outcome":"paid"}"#)
            try await check("outcome-link", "/\(created.uuid)", in: house)
        }
    }

    @Test("a payment in part, where the account takes parts")
    func partial() async throws {
        try await WebHouse.use { house in
            _ = try await house.engine.setAccount(house.house.account.id) {
                $0.partialMoney = .accept
            }
            let created = try await house.created()
            try await house.decide(created.uuid, #"{"outcome":"paid","amount":"60.00"}"#)
            try await check("outcome-partial", "/\(created.uuid)", in: house)
        }
    }

    @Test("the time is over, and nobody has said so yet")
    func expired() async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            house.clock.advance(seconds: 1800)
            try await check("expired", "/\(created.uuid)", in: house)
        }
    }

    @Test("there is no such page, and the database is away")
    func messages() async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            try await check(
                "no-such-page", "/00000000-0000-4000-8000-000000000000", in: house)
            let wrong = try await house.post("/\(created.uuid)/attempts", form: "bank=NOBANK")
            try check(
                "wrong-bank",
                Exchange(.post, "/\(created.uuid)/attempts", "bank=NOBANK", wrong))
            await house.house.store.database.close()
            try await check("database-away", "/\(created.uuid)", in: house)
        }
    }
}
