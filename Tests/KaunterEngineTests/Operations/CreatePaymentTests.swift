import Foundation
import KaunterAPI
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@Suite("Creating a payment")
struct CreatePaymentTests {
    /// What the refusal of a call says of which fields; nil when it is no refusal of fields.
    static func refusedFields(
        _ call: () async throws -> some Sendable
    ) async throws -> [String]? {
        do {
            _ = try await call()
            return nil
        } catch Refusal.invalidFields(let errors) {
            return errors.entries.map(\.field)
        }
    }

    @Test(
        "the answer has the documented keys, and the payment is stored with its payer",
        arguments: TestDatabase.all)
    func first(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let before = try await house.store.rowCounts()
            let answer = try await house.answer(to: .sample())
            let payment = try await house.create()
            let url = "https:\\/\\/pay.example\\/\(payment.uuid.uuidString.lowercased())"
            let plain = url.replacing("\\", with: "")
            let expected = """
                {"url":"\(plain)","payment_status":"wait","id":100000001,\
                "uuid":"\(payment.uuid.uuidString.lowercased())","success_redirect_url":null}
                """
            #expect(answer.replacing("\\/", with: "/") == expected)
            #expect(payment.status == .wait)
            #expect(payment.amount == .sen(10_000))
            #expect(payment.createdAt == ManualClock.start)
            #expect(payment.expiresAt == ManualClock.start.adding(seconds: 1800))
            var after = before
            for table in ["identifiers", "payments", "payers", "payment_events", "payment_counts"] {
                after[table, default: 0] += 1
            }
            #expect(try await house.store.rowCounts() == after)
        }
    }

    @Test(
        "a repeat gets the first answer byte for byte, whatever else has changed",
        arguments: TestDatabase.all)
    func repeated(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let first = try await house.answer(to: .sample())
            let counts = try await house.store.rowCounts()
            house.clock.advance(seconds: 86_400)
            let other = PaymentOrderDraft.sample { draft in
                draft.firstName = "Another"
                draft.lastName = "Name"
                draft.ip = "2001:db8::1"
                draft.description = "other words"
                draft.lifetimeSeconds = 900
                draft.furtherFields = #"{"customer_phone":"1"}"#
            }
            #expect(try await house.answer(to: other) == first)
            let payment = try await house.create()
            _ = try await house.engine.simulateOutcome(
                SimulatedOutcome(kind: .paid, amount: nil), of: payment.uuid)
            #expect(try await house.restarted().answer(to: other) == first)
            #expect(try await house.store.rowCounts()["payments"] == counts["payments"])
            #expect(try await house.store.rowCounts()["identifiers"] == counts["identifiers"])
        }
    }

    @Test(
        "a repeat is recognised before permission and limits are looked at",
        arguments: TestDatabase.all)
    func beforePermission(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let first = try await house.answer(to: .sample())
            _ = try await house.engine.setAccount(house.account.id) { $0.allowsPayments = false }
            #expect(try await house.answer(to: .sample()) == first)
            let bare = house.engine(rails: [])
            let draft = PaymentOrderDraft.sample()
            let order = try #require(draft.order)
            let answer = try await bare.createPayment(order, draft: draft, for: house.account)
            #expect(answer == first)
        }
    }

    @Test(
        "another order under a taken order_id is refused, and each differing field is named",
        arguments: TestDatabase.all)
    func differing(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let url = "https://kedai.example/"
            let ids = [
                try await house.engine.addRedirect(url: url, method: .post, of: house.account.id),
                try await house.engine.addEndpoint(
                    url: url, method: .get, digest: nil, of: house.account.id
                ).id,
            ]
            _ = try await house.create()
            let changes: [([String], (inout PaymentOrderDraft) -> Void)] = [
                (["amount"], { $0.amount = .sen(10_001) }),
                (["amount"], { $0.amount = .sen(1) }),
                (["customer_code"], { $0.depositCode = Catalogue.depositCode("MBB") }),
                (
                    ["service", "customer_code"],
                    {
                        $0.depositCode = Catalogue.depositCode("DUITNOW")
                        $0.service = .qrCode
                    }
                ),
                (["success_redirect_id"], { $0.targets.successRedirectID = ids[0] }),
                (["fail_redirect_id"], { $0.targets.failRedirectID = ids[0] }),
                (["notification_endpoint_id"], { $0.targets.notificationEndpointID = ids[1] }),
                (["success_redirect_url"], { $0.targets.successRedirectURL = url }),
                (["fail_redirect_url"], { $0.targets.failRedirectURL = url }),
                (["notification_endpoint_url"], { $0.targets.notificationEndpointURL = url }),
                (
                    ["amount", "fail_redirect_url"],
                    {
                        $0.amount = .sen(10_002)
                        $0.targets.failRedirectURL = url
                    }
                ),
            ]
            let counts = try await house.store.rowCounts()
            for (fields, change) in changes {
                let refused = try await Self.refusedFields {
                    try await house.answer(to: .sample("order-1", change))
                }
                #expect(refused == ["order_id"] + fields)
            }
            #expect(try await house.store.rowCounts() == counts)
        }
    }

    @Test(
        "after cancel or fail the order_id is free; after paid it is taken for ever",
        arguments: TestDatabase.all)
    func freed(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let draft = PaymentOrderDraft.sample(amountSen: 20_000)
            for outcome in [SimulatedOutcome.Kind.cancel, .fail] {
                let payment = try await house.create()
                _ = try await house.engine.simulateOutcome(
                    SimulatedOutcome(kind: outcome, amount: nil), of: payment.uuid)
                #expect(try await house.stored(payment.uuid).status.isFinal)
            }
            let third = try await house.create(draft)
            #expect(third.id.rawValue == 100_000_003)
            _ = try await house.engine.simulateOutcome(
                SimulatedOutcome(kind: .paid, amount: nil), of: third.uuid)
            #expect(try await house.create(draft).id == third.id)
            let refused = try await Self.refusedFields { try await house.answer(to: .sample()) }
            #expect(refused == ["order_id", "amount"])
        }
    }

    @Test("what is refused leaves nothing behind in any table", arguments: TestDatabase.all)
    func nothingStored(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind, mode: .live) { house in
            let foreign = try await Self.foreignTargets(house)
            let counts = try await house.store.rowCounts()
            let refusals: [([String], (inout PaymentOrderDraft) -> Void)] = [
                (["amount"], { $0.amount = .sen(99) }),
                (["amount"], { $0.amount = .sen(3_000_001) }),
                (["success_redirect_id"], { $0.targets.successRedirectID = foreign.redirect }),
                (["fail_redirect_id"], { $0.targets.failRedirectID = foreign.redirect }),
                (["fail_redirect_id"], { $0.targets.failRedirectID = Int64.max }),
                (
                    ["notification_endpoint_id"],
                    { $0.targets.notificationEndpointID = foreign.endpoint }
                ),
                (
                    ["notification_endpoint_id"],
                    {
                        $0.targets.notificationEndpointID = -1
                        $0.targets.notificationEndpointURL = "https://kedai.example/"
                    }
                ),
                (
                    ["notification_endpoint_url"],
                    { $0.targets.notificationEndpointURL = "http://kedai.example/" }
                ),
                (
                    ["service", "success_redirect_id"],
                    {
                        $0.depositCode = Catalogue.depositCode("MAEDUITNOW")
                        $0.service = .eWallet
                        $0.targets.successRedirectID = 0
                    }
                ),
            ]
            for (fields, change) in refusals {
                let refused = try await Self.refusedFields {
                    try await house.answer(to: .sample("order-1", change))
                }
                #expect(refused == fields)
            }
            _ = try await house.engine.setAccount(house.account.id) { $0.allowsPayments = false }
            await #expect(throws: Refusal.self) { try await house.answer(to: .sample()) }
            #expect(try await house.store.rowCounts() == counts)
        }
    }

    /// A redirect and an endpoint of another account.
    private static func foreignTargets(
        _ house: EngineHouse
    ) async throws -> (redirect: Int64, endpoint: Int64) {
        let other = TestStore.account(
            MerchantAccount.ID(rawValue: UUID(lastByte: 3)), at: house.clock.now)
        try await house.storage.write { try $0.insert(other) }
        let url = "https://other.example/"
        return (
            try await house.engine.addRedirect(url: url, method: .post, of: other.id),
            try await house.engine.addEndpoint(
                url: url, method: .get, digest: nil, of: other.id
            ).id
        )
    }

    @Test("an account that may not create payments is told so", arguments: TestDatabase.all)
    func notAllowed(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.engine.setAccount(house.account.id) { $0.allowsPayments = false }
            await #expect(
                throws: Refusal.notAllowed("This account may not create payments.")
            ) {
                try await house.answer(to: .sample())
            }
        }
    }

    @Test(
        "the answer tells the redirect: the URL, or the one that the id names",
        arguments: TestDatabase.all)
    func redirect(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let id = try await house.engine.addRedirect(
                url: "https://by-id.example/", method: .post, of: house.account.id)
            let cases: [(Int64?, String?, String?)] = [
                (id, nil, "https://by-id.example/"),
                (nil, "https://by-url.example/", "https://by-url.example/"),
                (id, "https://by-url.example/", "https://by-url.example/"),
                (nil, nil, nil),
            ]
            for (number, (id, url, expected)) in cases.enumerated() {
                let answer = try await house.answer(
                    to: .sample("\(number)") { draft in
                        draft.targets.successRedirectID = id
                        draft.targets.successRedirectURL = url
                    })
                let reply = try CreatePaymentReply(json: JSONValue(parsing: Array(answer.utf8)))
                #expect(reply.successRedirectURL == expected)
            }
        }
    }
}
