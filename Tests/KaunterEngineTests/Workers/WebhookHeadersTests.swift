import Foundation
import KaunterAPI
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@Suite("The headers of Standard Webhooks under notifications")
struct WebhookHeadersTests {
    /// A payment that is final, and is to be told to this address or endpoint.
    private static func ended(
        _ house: EngineHouse, _ orderID: String = "order-1",
        url: String = "https://kedai.example/ü?shop=é&a=%2F+b#top", endpoint: Int64? = nil
    ) async throws {
        let payment = try await house.create(
            .sample(orderID) { draft in
                draft.targets.notificationEndpointURL = endpoint == nil ? url : nil
                draft.targets.notificationEndpointID = endpoint
            })
        _ = try await house.engine.simulateOutcome(
            SimulatedOutcome(kind: .paid, amount: nil), of: payment.uuid)
    }

    private static func place(_ house: EngineHouse, _ endpoint: Int64? = nil) -> WebhookSecret.Place
    {
        WebhookSecret.Place(account: house.account.id, endpoint: endpoint)
    }

    /// Whether a request's signatures are good, under the secret and under the public key, over
    /// what its receiver sees.
    private static func isSigned(
        _ request: OutgoingRequest, by key: StandardWebhookKey
    ) throws -> Bool {
        let payload: String
        switch request.body {
        case .form(let text), .json(let text): payload = text
        case .none:
            // As it goes out: the one letter of these addresses that belongs to no URL is escaped.
            payload = String(request.url.drop { $0 != "?" }.dropFirst())
                .replacing("é", with: "%C3%A9")
        }
        let headers = try #require(request.webhook)
        let answers = try [key.secretText, key.publicText].map { text in
            headers.isSigned(
                over: Array(payload.utf8), by: [try StandardWebhookVerifyingKey(text)])
        }
        #expect(Set(answers).count == 1)
        return answers == [true, true]
    }

    @Test(
        "with a sandbox's clock ahead a try has its receiver's time, and is measured by that",
        arguments: TestDatabase.all)
    func ahead(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let clock = SandboxClock(aheadSeconds: 86_400)
            let engine = house.engine(
                rails: [house.rail], surroundings: house.store.surroundings.following(clock))
            try await Self.ended(house)
            // While the first request is under way somebody moves the sandbox's clock on.
            let receiver = Receiver { request async throws(OutgoingFault) in
                clock.follow(2 * 86_400)
                return request.method == "GET" ? 405 : 200
            }
            try await house.turn(
                NotificationWorker(engine: engine, http: receiver), at: engine.now)
            let seconds = house.clock.now.microseconds / 1_000_000
            let times = receiver.requests.map { $0.webhook?.timestamp }
            #expect(times == [seconds, seconds])
            let tries = try await house.engine.reader.read { reading in
                try reading.tries(ofDelivery: 1, limit: 10)
            }
            #expect(tries.map(\.took) == [0, 0])
            let event = try #require(
                try await house.engine.reader.read { try $0.events(EventFilter(), limit: 1) }.first)
            let listened = try await engine.request(
                telling: event, to: "http://127.0.0.1/", by: .get)
            #expect(listened?.webhook?.timestamp == seconds)
        }
    }

    @Test(
        "each try is signed anew with its own time, and `sign` stays",
        arguments: TestDatabase.all, [nil] + NotificationMethod.allCases)
    func tries(_ kind: TestDatabase, _ method: NotificationMethod?) async throws {
        try await EngineHouse.use(kind) { house in
            var endpoint: Int64?
            if let method {
                endpoint = try await house.engine.addEndpoint(
                    url: "https://kedai.example/?shop=1", method: method, digest: nil,
                    of: house.account.id
                ).id
            }
            try await Self.ended(house, endpoint: endpoint)
            let receiver = Receiver { _ async throws(OutgoingFault) in 500 }
            var node = house
            for _ in 0..<3 {
                try await node.turn(NotificationWorker(engine: node.engine, http: receiver))
                let next = try await node.engine.reader.read { try $0.nextDeliveryAt() }
                #expect(
                    receiver.requests.last?.webhook?.timestamp
                        == house.clock.now.microseconds / 1_000_000)
                house.clock.set(try #require(next))
                node = node.restarted()
            }
            let key = try await house.engine.webhookKey(
                of: Self.place(house, endpoint), act: nil)
            #expect(receiver.requests.count == 3)
            for request in receiver.requests { #expect(try Self.isSigned(request, by: key)) }
            let headers = receiver.requests.compactMap(\.webhook)
            #expect(Set(headers.map(\.timestamp)).count == 3)
            #expect(Set(headers.map(\.signature)).count == 3)
            #expect(Set(headers.map(\.id)).count == 1)
            #expect(headers.first?.id.wholeMatch(of: /evt_[1-9][0-9]*/) != nil)
            #expect(Set(receiver.requests.map(\.url)).count == 1)
            #expect(Set(receiver.requests.map { "\($0.body)" }).count == 1)
        }
    }

    @Test(
        "a POST in place of a get is signed over its body",
        arguments: TestDatabase.all)
    func learned(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let receiver = Receiver { request async throws(OutgoingFault) in
                request.body == .none ? 405 : 200
            }
            try await Self.ended(house)
            try await house.turn(NotificationWorker(engine: house.engine, http: receiver))
            let key = try await house.engine.webhookKey(of: Self.place(house), act: nil)
            #expect(receiver.requests.count == 2)
            for request in receiver.requests { #expect(try Self.isSigned(request, by: key)) }
        }
    }

    @Test(
        "endpoints and accounts have secrets of their own, as they were shown",
        arguments: TestDatabase.all)
    func places(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let account = try await house.engine.createMerchant(name: "Kedai Dua")
            #expect(try await house.store.rowCounts()["webhook_secrets"] == 1)
            var keys = [
                try await house.engine.webhookKey(
                    of: WebhookSecret.Place(account: account.id, endpoint: nil), act: nil)
            ]
            for _ in 0..<2 {
                let made = try await house.engine.addEndpoint(
                    url: "https://kedai.example/", method: .postJSON, digest: nil,
                    of: house.account.id)
                keys.append(made.key)
                let shown = try await house.engine.webhookKey(
                    of: Self.place(house, made.id), act: nil)
                #expect(shown.secretText == made.key.secretText)
                #expect(shown.publicText == made.key.publicText)
            }
            #expect(Set(keys.map(\.secretText)).count == 3)
            #expect(Set(keys.map(\.publicText)).count == 3)
            // The account of the house is from before there were secrets: its first is made once.
            let place = Self.place(house)
            let first = try await house.engine.webhookKey(of: place, act: nil)
            let again = try await house.restarted().engine.webhookKey(of: place, act: nil)
            #expect(first.secretText == again.secretText)
            #expect(try await house.store.rowCounts()["webhook_secrets"] == 4)
            await #expect(throws: Refusal.notFound("endpoint")) {
                try await house.engine.webhookPlace(ofEndpoint: 999)
            }
        }
    }

    @Test("nodes that make a first secret at once make one", arguments: TestDatabase.all)
    func together(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let nodes = (0..<4).map { _ in house.restarted() }
            let texts = try await withThrowingTaskGroup(of: String.self) { group in
                for node in nodes {
                    group.addTask {
                        try await node.engine.webhookKey(of: Self.place(house), act: nil).secretText
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(texts.count == 4)
            #expect(Set(texts).count == 1)
        }
    }

    @Test(
        "after a rotation both secrets sign, until the old one's end",
        arguments: TestDatabase.all)
    func rotation(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let made = try await house.engine.addEndpoint(
                url: "https://kedai.example/", method: .postJSON, digest: nil,
                of: house.account.id)
            let place = Self.place(house, made.id)
            let rotated = try await house.engine.rotateWebhookKey(
                of: place, overlapSeconds: 3600, act: nil)
            #expect(rotated.oldEndsAt == house.clock.now.adding(seconds: 3600))
            let receiver = Receiver()
            let worker = NotificationWorker(engine: house.engine, http: receiver)
            try await Self.ended(house, endpoint: made.id)
            try await house.turn(worker)
            let during = try #require(receiver.requests.last)
            #expect(try Self.isSigned(during, by: made.key))
            #expect(try Self.isSigned(during, by: rotated.key))
            #expect(during.webhook?.signature.split(separator: " ").count == 4)

            house.clock.advance(seconds: 3600)
            try await Self.ended(house, "order-2", endpoint: made.id)
            try await house.turn(worker)
            let afterwards = try #require(receiver.requests.last)
            #expect(try !Self.isSigned(afterwards, by: made.key))
            #expect(try Self.isSigned(afterwards, by: rotated.key))
            #expect(afterwards.webhook?.signature.split(separator: " ").count == 2)
        }
    }

    @Test(
        "a rotation without overlap ends all that came before, and many keep few",
        arguments: TestDatabase.all)
    func rotations(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let place = Self.place(house)
            func count() async throws -> Int {
                let now = house.clock.now
                return try await house.engine.reader.read {
                    try $0.webhookSecrets(of: place, at: now).count
                }
            }
            for _ in 0..<10 {
                _ = try await house.engine.rotateWebhookKey(
                    of: place, overlapSeconds: 86_400, act: nil)
                house.clock.advance(seconds: 1)
            }
            #expect(try await count() == 4)
            let last = try await house.engine.rotateWebhookKey(
                of: place, overlapSeconds: 0, act: nil)
            #expect(try await count() == 1)
            let shown = try await house.engine.webhookKey(of: place, act: nil)
            #expect(shown.secretText == last.key.secretText)
            let stranger = WebhookSecret.Place(
                account: MerchantAccount.ID(rawValue: UUID(lastByte: 99)), endpoint: nil)
            await #expect(throws: Refusal.notFound("account")) {
                try await house.engine.rotateWebhookKey(of: stranger, overlapSeconds: 0, act: nil)
            }
        }
    }

    @Test("secrets lie in the database sealed, each for itself", arguments: TestDatabase.all)
    func sealed(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let made = try await house.engine.addEndpoint(
                url: "https://kedai.example/", method: .postJSON, digest: nil,
                of: house.account.id)
            let other = try await house.engine.addEndpoint(
                url: "https://kedai.example/", method: .postJSON, digest: nil,
                of: house.account.id)
            let stored = try await house.store.database.read { transaction in
                try transaction.rows("SELECT sealed_secret, sealed_private FROM webhook_secrets")
                    .flatMap { [try $0.text("sealed_secret"), try $0.text("sealed_private")] }
            }
            #expect(stored.count == 4)
            let secret = made.key.secretText.dropFirst("whsec_".count)
            #expect(stored.allSatisfy { $0.hasPrefix("1:") && !$0.contains(secret) })
            // One that is put in another's place does not open.
            _ = try await house.store.database.write { transaction in
                try transaction.run(
                    """
                    UPDATE webhook_secrets SET sealed_secret =
                        (SELECT sealed_secret FROM webhook_secrets
                         WHERE endpoint_id = \(other.id))
                    WHERE endpoint_id = \(made.id)
                    """)
            }
            let node = house.restarted()
            await #expect(throws: (any Error).self) {
                try await node.engine.webhookKey(of: Self.place(house, made.id), act: nil)
            }
        }
    }

    @Test(
        "an endpoint of the older list is signed and told without the commission",
        arguments: TestDatabase.all, NotificationMethod.allCases)
    func older(_ kind: TestDatabase, _ method: NotificationMethod) async throws {
        try await EngineHouse.use(kind) { house in
            let receiver = Receiver()
            for (order, fields) in [
                ("old", NotificationFields.withoutCommission), ("new", .current),
            ] {
                let made = try await house.engine.addEndpoint(
                    url: "https://kedai.example/", method: method, digest: nil, fields: fields,
                    of: house.account.id)
                try await Self.ended(house, order, endpoint: made.id)
                try await house.turn(NotificationWorker(engine: house.engine, http: receiver))
                let request = try #require(receiver.requests.last)
                let signed =
                    switch request.body {
                    case .form(let text): try SignedNotification(form: text)
                    case .json(let text):
                        try SignedNotification(json: JSONValue(parsing: Array(text.utf8)))
                    case .none:
                        try SignedNotification(
                            query: String(request.url.drop { $0 != "?" }.dropFirst()))
                    }
                #expect((signed.message.commissionAmount == nil) == (order == "old"))
                #expect(
                    signed.message.signedText.contains("commission_amount") == (order == "new"))
                #expect("\(request)".contains("commission_amount") == (order == "new"))
                let stored = try await house.engine.notificationKey(of: house.account.id)
                let key = try VerifyingKey(publicPEM: stored.publicPEM)
                let signature = try #require(SignatureText.decode(signed.sign))
                #expect(
                    key.isValid(signature: signature, for: Array(signed.message.signedText.utf8))
                        != nil)
                #expect(try Self.isSigned(request, by: made.key))
            }
        }
    }
}
