import Foundation
import HTTPTypes
import HummingbirdTesting
import KaunterAPI
import KaunterClient
import KaunterCore
import KaunterEngine
import TestSupport
import Testing

@testable import KaunterWeb

/// What the payer's pages promise beside their looks (contract §3, §5).
@Suite("The payer's way")
struct CheckoutControllerTests {
    /// The value of a hidden field in a page.
    private static func field(_ name: String, in html: String) -> String? {
        let parts = html.components(separatedBy: "name=\"\(name)\" value=\"")
        return parts.dropFirst().first.map { String($0.prefix { $0 != "\"" }) }
    }

    @Test("a merchant's and an order's names are text, not HTML")
    func escaping() async throws {
        try await WebHouse.use { house in
            let account = try await house.engine.createMerchant(name: "<b>Kedai</b> & \"Kopi\"")
            let key = try SigningKey.generate()
            _ = try await house.engine.uploadKey(
                publicPEM: key.verifyingKey.publicPEM, for: .payment, of: account.id,
                sha256Only: false)
            let body = Array(
                WebHouse.body {
                    $0["order_id"] = "<script>alert('1')</script>\"&"
                    $0["success_redirect_url"] = "https://shop.example/?a=1&b='<x>"
                }.utf8)
            let response = try await house.send(
                .post, Path.payment, body,
                headers: [
                    .account: account.id.rawValue.text, .sign: try key.sign(body, digest: .sha1),
                ])
            let uuid = response.string("uuid") ?? ""
            let choice = try await house.page("/\(uuid)").text
            let bank = try await house.post("/\(uuid)/attempts", form: "bank=CIMB").location
            let simulator = try await house.page(
                bank.replacing(EngineHouse.publicURL, with: "")
            ).text
            try await house.decide(uuid, #"{"outcome":"paid"}"#)
            let outcome = try await house.page("/\(uuid)").text
            for page in [choice, simulator, outcome] {
                #expect(!page.contains("<b>Kedai"))
                #expect(page.contains("&lt;b&gt;Kedai&lt;/b&gt; &amp; &quot;Kopi&quot;"))
                #expect(!page.contains("<script>alert"))
            }
            #expect(choice.contains("&lt;script&gt;alert("))
            #expect(outcome.contains("action=\"https://shop.example/?a=1&amp;b="))
            #expect(!outcome.contains("<x>"))
        }
    }

    @Test("no page shows who pays")
    func noPayerData() async throws {
        try await WebHouse.use { house in
            let created = try await house.created {
                $0["customer_first_name"] = "Zulaikha"
                $0["customer_last_name"] = "Quraishi"
                $0["customer_ip"] = "198.51.100.77"
                $0["customer_email"] = "zq@payer.example"
                $0["desc"] = "a private matter"
            }
            let page = "/\(created.uuid)"
            var pages = [try await house.page(page).text]
            let bank = try await house.post("\(page)/attempts", form: "bank=CIMB").location
                .replacing(EngineHouse.publicURL, with: "")
            pages.append(try await house.page(page).text)
            pages.append(try await house.page(bank).text)
            _ = try await house.post(bank, form: "choice=approve&amount=100.50")
            pages.append(try await house.page(bank).text)
            pages.append(try await house.page(page).text)
            for text in pages {
                for secret in [
                    "Zulaikha", "Quraishi", "198.51.100.77", "payer.example", "private matter",
                ] {
                    #expect(!text.contains(secret))
                }
            }
        }
    }

    @Test("every page forbids what it does not need")
    func securityHeaders() async throws {
        try await WebHouse.use { house in
            let created = try await house.created {
                $0["success_redirect_url"] = "https://shop.example/"
            }
            var responses = [try await house.page("/\(created.uuid)")]
            responses.append(try await house.page("/no-such-page"))
            try await house.decide(created.uuid, #"{"outcome":"paid"}"#)
            responses.append(try await house.page("/\(created.uuid)"))
            for response in responses {
                let policy = response.headers[.contentSecurityPolicy] ?? ""
                #expect(policy.hasPrefix("default-src 'none'; "))
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(policy.contains("base-uri 'none'"))
                #expect(!policy.contains("unsafe"))
                #expect(response.headers[.xContentTypeOptions] == "nosniff")
                #expect(response.headers[.cacheControl] == "no-store")
                #expect(response.headers[HTTPField.Name(ours: "Referrer-Policy")] == "no-referrer")
                #expect(!response.text.contains(" style="))
                #expect(!response.text.contains("<script>"))
                #expect(!response.text.contains(" onclick"))
            }
            // Only the page whose form leaves the house may send one away.
            let last = responses.last?.headers[.contentSecurityPolicy] ?? ""
            #expect(last.contains("form-action 'self' http: https:"))
            let first = responses.first?.headers[.contentSecurityPolicy] ?? ""
            #expect(first.contains("form-action 'self';"))
        }
    }

    @Test("the form back carries a signature that verifies only when the payment is paid")
    func signedReturn() async throws {
        try await WebHouse.use { house in
            let verifier = try NotificationVerifier(
                publicPEM: EngineHouse.notificationKey.get().verifyingKey.publicPEM)
            for outcome in ["paid", "fail", "cancel"] {
                let created = try await house.created {
                    $0["order_id"] = .string("ORDER-\(outcome)")
                    $0["success_redirect_url"] = "https://shop.example/thanks"
                    $0["fail_redirect_url"] = "https://shop.example/sorry"
                }
                try await house.decide(created.uuid, #"{"outcome":"\#(outcome)"}"#)
                let html = try await house.page("/\(created.uuid)").text
                let place = outcome == "paid" ? "thanks" : "sorry"
                #expect(html.contains("method=\"post\" action=\"https://shop.example/\(place)\""))
                #expect(Self.field("order_id", in: html) == "ORDER-\(outcome)")
                #expect(Self.field("uuid", in: html) == created.uuid)
                let sign = Self.field("sign", in: html)
                #expect((sign != nil) == (outcome == "paid"))
                if let sign {
                    let form = RedirectMessage(orderID: "ORDER-\(outcome)", uuid: created.uuid)
                    let verified = try verifier.verifyRedirect(form: form.query(sign: sign))
                    #expect(verified.message.uuid == created.uuid)
                }
            }
        }
    }

    @Test("an account may have its returns signed always, and with SHA-256")
    func alwaysSigned() async throws {
        try await WebHouse.use { house in
            _ = try await house.engine.setAccount(house.house.account.id) {
                $0.redirectSign = .always
                $0.digest = .sha256
            }
            let created = try await house.created {
                $0["fail_redirect_url"] = "https://shop.example/sorry"
            }
            try await house.decide(created.uuid, #"{"outcome":"cancel"}"#)
            let html = try await house.page("/\(created.uuid)").text
            let verifier = try NotificationVerifier(
                publicPEM: EngineHouse.notificationKey.get().verifyingKey.publicPEM,
                isSHA256Only: true)
            let form = RedirectMessage(orderID: "order-1", uuid: created.uuid)
            let sign = Self.field("sign", in: html)
            let verified = try verifier.verifyRedirect(form: form.query(sign: sign))
            #expect(verified.digest == .sha256)
        }
    }

    @Test("without a redirect the outcome page is the end")
    func noRedirect() async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            try await house.decide(created.uuid, #"{"outcome":"paid"}"#)
            let html = try await house.page("/\(created.uuid)").text
            #expect(!html.contains("Return to the shop"))
            #expect(!html.contains("<form"))
        }
    }

    @Test("looking changes nothing, however often")
    func looking() async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            let before = try await house.rowCounts()
            for _ in 1...5 { _ = try await house.page("/\(created.uuid)") }
            _ = try await house.send(.head, "/\(created.uuid)")
            #expect(try await house.rowCounts() == before)
        }
    }

    @Test("HEAD is answered like GET, without a body")
    func head() async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            for path in ["/\(created.uuid)", "/healthz"] {
                let get = try await house.page(path)
                let head = try await house.send(.head, path)
                #expect(head.status == .ok, "\(path)")
                #expect(head.headers[.contentType] == get.headers[.contentType])
                #expect(head.bytes.isEmpty)
            }
        }
    }

    @Test("a page's uuid is read in either case; what is none is no page")
    func uuids() async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            #expect(try await house.page("/\(created.uuid.uppercased())").status == .ok)
            for path in [
                "/x", "/%00", "/..%2f..%2fetc", "/\(created.uuid)x", "/\(created.uuid)/x", "/",
                "/favicon.ico", "/a/b/c/d/e",
            ] {
                let response = try await house.page(path)
                #expect(response.status == .notFound, "\(path)")
                #expect(response.text.contains("This page does not exist"), "\(path)")
            }
        }
    }

    @Test("a second tab is sent to the first one's attempt, and starts none")
    func twoTabs() async throws {
        try await WebHouse.use { house in
            let created = try await house.created { $0["customer_code"] = "FPX" }
            let page = "/\(created.uuid)"
            let first = try await house.post("\(page)/attempts", form: "bank=MBBFPX")
            let second = try await house.post("\(page)/attempts", form: "bank=HLBFPX")
            #expect(first.location.hasPrefix("\(EngineHouse.publicURL)/simulator/"))
            #expect(second.status == .seeOther)
            #expect(second.location == page)
            #expect(try await house.page(page).text.contains(first.location))
            #expect(try await house.rowCounts()["attempts"] == 1)
        }
    }

    @Test("leaving ends the payment; while the bank is at work it does not")
    func leaving() async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            let page = "/\(created.uuid)"
            let bank = try await house.post("\(page)/attempts", form: "bank=CIMB").location
                .replacing(EngineHouse.publicURL, with: "")
            #expect(try await house.post("\(page)/leave").location == page)
            let question = #"{"order_id":"order-1"}"#
            let during = try await house.call(Path.paymentStatus, question)
            #expect(during.string("payment_status") == "wait")
            _ = try await house.post(bank, form: "choice=cancel")
            #expect(try await house.post("\(page)/leave").status == .seeOther)
            let after = try await house.call(Path.paymentStatus, question)
            #expect(after.string("payment_status") == "cancel")
            // A second click, and a click in an old tab, only show how things stand.
            #expect(try await house.post("\(page)/leave").location == page)
            #expect(try await house.post("\(page)/attempts", form: "bank=CIMB").location == page)
            #expect(try await house.rowCounts()["attempts"] == 1)
        }
    }

    @Test("after the time is over no attempt starts, and the page says so")
    func lifetime() async throws {
        try await WebHouse.use { house in
            let created = try await house.created { $0["lifetime"] = 900 }
            let page = "/\(created.uuid)"
            house.clock.advance(seconds: 899)
            #expect(try await house.page(page).text.contains("Continue to CIMB"))
            house.clock.advance(seconds: 1)
            #expect(try await house.page(page).text.contains("The time to pay is over"))
            #expect(try await house.post("\(page)/attempts", form: "bank=CIMB").location == page)
            #expect(try await house.rowCounts()["attempts"] == 0)
        }
    }

    @Test("of the choices of a payment only its own are taken")
    func ownChoices() async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            for form in ["bank=MBB", "bank=FPX", "bank=", "", "bank=cimb", "other=CIMB"] {
                let response = try await house.post("/\(created.uuid)/attempts", form: form)
                #expect(response.status == .badRequest, "\(form)")
            }
            let twice = try await house.post(
                "/\(created.uuid)/attempts", form: "bank=CIMB&bank=MBB")
            #expect(twice.status == .seeOther)
        }
    }
}
