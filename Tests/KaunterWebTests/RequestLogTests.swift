import HTTPTypes
import Hummingbird
import HummingbirdTesting
import KaunterAPI
import KaunterDatabase
import KaunterEngine
import Logging
import TestSupport
import Testing

@testable import KaunterWeb

/// The log holds routes and codes; never a path, a header or a body.
@Suite("The request log")
struct RequestLogTests {
    private static func plan(_ log: CapturedLog) -> WebHouse.Plan {
        var plan = WebHouse.Plan()
        plan.logger = Logger(label: "test") { _ in log }
        plan.logger.logLevel = .trace
        return plan
    }

    @Test("one line for each request, with its route, code and id")
    func lines() async throws {
        let log = CapturedLog()
        try await WebHouse.use(Self.plan(log)) { house in
            let created = try await house.created()
            _ = try await house.page("/\(created.uuid)")
            let refused = try await house.create { $0["amount"] = "0" }
            _ = try await house.send(.init("BREW") ?? .get, "/coffee")
            let requests = log.lines.filter { $0.message == "request" }
            let seen = requests.map { line in
                ["method", "route", "code"].map { line.metadata[$0] ?? "" }.joined(separator: " ")
            }
            #expect(
                seen == [
                    "POST /v1/payment 200", "GET /{payment} 200", "POST /v1/payment 400",
                    "other NotFound 404",
                ])
            let id = refused.headers[.requestID] ?? ""
            #expect(requests[2].metadata.values.contains(id))
        }
    }

    @Test("no secret and nothing of a payer is in any line, whatever happens")
    func nothingPrivate() async throws {
        let log = CapturedLog()
        try await WebHouse.use(Self.plan(log)) { house in
            let created = try await house.created {
                $0["order_id"] = "ORDER-SECRET"
                $0["customer_first_name"] = "Zulaikha"
                $0["customer_ip"] = "198.51.100.77"
                $0["customer_email"] = "zq@payer.example"
                $0["success_redirect_url"] = "https://shop.example/?token=t0ps3cret"
                $0["notification_endpoint_url"] = "https://shop.example/hook?key=t0ps3cret"
            }
            let page = "/\(created.uuid)"
            let bank = try await house.post("\(page)/attempts", form: "bank=CIMB").location
                .replacing(EngineHouse.publicURL, with: "")
            _ = try await house.page(bank)
            _ = try await house.post(bank, form: "choice=nonsense&x=Zulaikha")
            _ = try await house.page("\(page)?query=Zulaikha")
            _ = try await house.page("/Zulaikha/ORDER-SECRET")
            try await house.decide(created.uuid, #"{"outcome":"Zulaikha"}"#)
            let body = Array(#"{"customer_first_name":"Zulaikha"#.utf8)
            _ = try await house.call(Path.payment, body)
            _ = try await house.send(
                .post, Path.payment, body, headers: [.account: "Zulaikha", .sign: "WnVsYWlraGE="])
            await house.house.store.database.close()
            _ = try await house.create { $0["customer_first_name"] = "Zulaikha" }
            _ = try await house.page(page)
            let text = log.lines.map(\.text).joined(separator: "\n")
            #expect(log.lines.count > 10)
            for secret in [
                "Zulaikha", "ORDER-SECRET", "198.51.100.77", "payer.example", "t0ps3cret",
                "shop.example", created.uuid, bank, "WnVsYWlraGE", house.account,
            ] {
                #expect(!text.contains(secret), "\(secret)")
            }
        }
    }
}
