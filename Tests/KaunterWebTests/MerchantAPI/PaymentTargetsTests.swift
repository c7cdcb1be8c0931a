import HTTPTypes
import HummingbirdTesting
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@testable import KaunterWeb

/// Rules of a create that the store and the installation decide (contract §1.1).
@Suite("Targets, limits and services of a create")
struct PaymentTargetsTests {
    @Test("a URL wins over an id when both come")
    func urlWins() async throws {
        try await WebHouse.use { house in
            let account = house.house.account.id
            let redirect = try await house.engine.addRedirect(
                url: "https://shop.example/by-id", method: .get, of: account)
            let endpoint = try await house.engine.addEndpoint(
                url: "https://shop.example/hook-by-id", method: .postJSON, digest: nil, of: account
            ).id
            let created = try await house.created {
                $0["success_redirect_id"] = .integer(redirect)
                $0["success_redirect_url"] = "https://shop.example/by-url"
                $0["fail_redirect_id"] = .string("\(redirect)")
                $0["notification_endpoint_id"] = .integer(endpoint)
                $0["notification_endpoint_url"] = "https://shop.example/hook-by-url"
            }
            #expect(created.successRedirectURL == "https://shop.example/by-url")
            try await house.decide(created.uuid, #"{"outcome":"paid"}"#)
            let page = try await house.page("/\(created.uuid)").text
            #expect(page.contains("https://shop.example/by-url"))
            #expect(!page.contains("by-id"))
            let token = "claim"
            let delivery = try await house.house.storage.write {
                try $0.claimDeliveries(
                    token: token, at: ManualClock.start.adding(seconds: 60), leaseSeconds: 60,
                    within: DeliveryBudget(limit: 5, perQueue: 5, perAccount: 5))
            }
            #expect(delivery.map(\.url) == ["https://shop.example/hook-by-url"])
        }
    }

    @Test("an id must name one of the account's own redirects or endpoints")
    func ownTargets() async throws {
        try await WebHouse.use { house in
            let redirect = try await house.engine.addRedirect(
                url: "https://other.example/", method: .post, of: WebHouse.neighbourID)
            let endpoint = try await house.engine.addEndpoint(
                url: "https://other.example/", method: .get, digest: nil, of: WebHouse.neighbourID
            ).id
            let response = try await house.create {
                $0["success_redirect_id"] = .integer(redirect)
                $0["fail_redirect_id"] = 0
                $0["notification_endpoint_id"] = .integer(endpoint)
            }
            #expect(response.status == .badRequest)
            let fields = ["success_redirect_id", "fail_redirect_id", "notification_endpoint_id"]
            #expect(response.errors?.keys.sorted() == fields.sorted())
        }
    }

    @Test("the rail's limits are errors on amount, together with whatever else is wrong")
    func limits() async throws {
        try await WebHouse.use { house in
            for (amount, isTaken) in [
                ("1.00", true), ("0.99", false), ("30000.00", true), ("30000.01", false),
            ] {
                let response = try await house.create {
                    $0["order_id"] = .string(amount)
                    $0["amount"] = .string(amount)
                }
                #expect((response.status == .ok) == isTaken)
                #expect(isTaken || response.errors?.keys.map(\.self) == ["amount"])
            }
            let both = try await house.create {
                $0["amount"] = "0.50"
                $0["customer_ip"] = "nowhere"
            }
            #expect(both.errors?.keys.sorted() == ["amount", "customer_ip"])
        }
    }

    @Test("a service that no rail serves is inactive, and a live house has none yet")
    func inactiveServices() async throws {
        var plan = WebHouse.Plan()
        plan.rails = [ScriptedRail(services: [.onlineBanking])]
        try await WebHouse.use(plan) { house in
            let response = try await house.create {
                $0["service"] = "qr_code_myr_hpp"
                $0["customer_code"] = "DUITNOW"
            }
            #expect(response.errors == ["service": ["The selected service is inactive."]])
        }
        plan.mode = .live
        plan.rails = []
        try await WebHouse.use(plan) { house in
            let response = try await house.create()
            #expect(response.status == .badRequest)
            #expect(response.errors == ["service": ["The selected service is inactive."]])
        }
    }

    @Test("notifications of a live house are https only; redirects may be http")
    func secureNotifications() async throws {
        var plan = WebHouse.Plan()
        plan.mode = .live
        plan.rails = [ScriptedRail()]
        try await WebHouse.use(plan) { house in
            let refused = try await house.create {
                $0["notification_endpoint_url"] = "http://shop.example/hook"
                $0["success_redirect_url"] = "http://shop.example/thanks"
            }
            #expect(refused.errors?.keys.map(\.self) == ["notification_endpoint_url"])
            let taken = try await house.create {
                $0["notification_endpoint_url"] = "https://shop.example/hook"
                $0["success_redirect_url"] = "http://shop.example/thanks"
            }
            #expect(taken.status == .ok)
        }
    }
}
