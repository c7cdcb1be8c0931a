import KaunterCore
import KaunterDatabase
import KaunterStorage
import TestSupport
import Testing

@Suite("Budgets of deliveries")
struct DeliveryBudgetTests {
    private static let leaseSeconds: Int64 = 45

    private static func fill(
        _ store: TestStore, queue: String, count: Int, endpoint: Int64? = nil
    ) async throws {
        let payment = try await store.insertPayment(orderID: queue)
        let now = store.clock.now
        try await store.storage.write { writing in
            let event = try writing.insert(
                NewEvent(.paymentPaid, of: payment.account, payment: payment.id), at: now)
            for _ in 0..<count {
                try writing.insert(
                    NewDelivery(
                        of: event, subject: .payment(payment.id), account: payment.account,
                        endpoint: endpoint, url: "https://shop.example/n", queue: queue,
                        digest: .sha1), at: now)
            }
        }
    }

    private static func budget(
        perAccount: Int = 64, slow: Int = 256, depths: [String: Int] = [:], holder: String = ""
    ) -> DeliveryBudget {
        DeliveryBudget(
            limit: 64, perQueue: 4, perAccount: perAccount, slow: slow, depths: depths,
            holder: holder)
    }

    /// The queues of what is claimed.
    private static func claim(
        _ store: TestStore, token: String, _ budget: DeliveryBudget
    ) async throws -> [Delivery] {
        let now = store.clock.now
        return try await store.storage.write {
            try $0.claimDeliveries(
                token: token, at: now, leaseSeconds: leaseSeconds, within: budget)
        }
    }

    private static func finish(
        _ store: TestStore, _ deliveries: some Sequence<Delivery>
    ) async throws {
        let (now, all) = (store.clock.now, Array(deliveries))
        try await store.storage.write { writing in
            for delivery in all {
                _ = try writing.finish(delivery, .delivered(code: 200), sign: nil, at: now)
            }
        }
    }

    @Test(
        "what hangs takes its account's places for a moment only",
        arguments: TestDatabase.all)
    func slowOnesOfAnAccount(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            try await Self.fill(store, queue: "a", count: 4)
            try await Self.fill(store, queue: "b", count: 1)
            let budget = Self.budget(perAccount: 4)
            let first = try await Self.claim(store, token: "1", budget)
            #expect(first.map(\.queue) == ["a", "a", "a", "a"])
            #expect(try await Self.claim(store, token: "2", budget) == [])
            store.clock.advance(seconds: 2)
            #expect(try await Self.claim(store, token: "3", budget).map(\.queue) == ["b"])
        }
    }

    @Test(
        "while many hang, a receiver that does gets nothing more, and others do",
        arguments: TestDatabase.all)
    func manySlowOnes(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            try await Self.fill(store, queue: "a", count: 10)
            let budget = Self.budget(slow: 2)
            let first = try await Self.claim(store, token: "1", budget)
            #expect(first.count == 4)
            store.clock.advance(seconds: 2)
            try await Self.finish(store, first.prefix(1))
            try await Self.fill(store, queue: "b", count: 1)
            #expect(try await Self.claim(store, token: "2", budget).map(\.queue) == ["b"])
            try await Self.finish(store, first.dropFirst().prefix(2))
            #expect(try await Self.claim(store, token: "3", budget).count == 3)
        }
    }

    @Test(
        "more is claimed of a quick receiver, by one node alone, and what is given back is due",
        arguments: TestDatabase.all)
    func ahead(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            try await Self.fill(store, queue: "a", count: 40)
            let first = Self.budget(depths: ["a": 3], holder: "x")
            let second = Self.budget(depths: ["a": 3], holder: "y")
            let claimed = try await Self.claim(store, token: "x1", first)
            #expect(claimed.count == 12)
            #expect(try await Self.claim(store, token: "y1", second) == [])
            // Half of them are not worth another claim; less are.
            try await Self.finish(store, claimed.prefix(5))
            #expect(try await Self.claim(store, token: "x2", first) == [])
            try await Self.finish(store, claimed.dropFirst(5).prefix(1))
            let more = try await Self.claim(store, token: "x3", first)
            #expect(more.count == 6)
            let back = try #require(more.first)
            let now = store.clock.now
            try await store.storage.write { try $0.giveBack(back, sign: "S", at: now) }
            let free = try await store.database.read { transaction in
                try transaction.rows(
                    """
                    SELECT id FROM deliveries
                    WHERE sign = 'S' AND lease_token IS NULL AND next_at <= \(now)
                    """
                ).map { try $0.integer("id") }
            }
            #expect(free == [back.id])
            // Three are left to the first: the second gets one, and not more.
            try await Self.finish(store, claimed.dropFirst(6) + more.dropFirst(4))
            #expect(try await Self.claim(store, token: "y2", second).count == 1)
        }
    }

    @Test("of an endpoint with a rate nothing is claimed ahead", arguments: TestDatabase.all)
    func rated(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let now = store.clock.now
            let endpoint = try await store.storage.write {
                try $0.insertEndpoint(
                    url: "https://shop.example/n", method: .get, digest: nil,
                    rate: .perSecond(200), of: TestStore.accountID, at: now)
            }
            try await Self.fill(store, queue: "a", count: 40, endpoint: endpoint)
            let budget = Self.budget(depths: ["a": 3], holder: "x")
            let claimed = try await Self.claim(store, token: "x1", budget)
            #expect(claimed.count == 4)
            store.clock.advance(seconds: 1)
            #expect(try await Self.claim(store, token: "x2", budget) == [])
            try await Self.finish(store, claimed)
            #expect(try await Self.claim(store, token: "x3", budget).count == 4)
        }
    }

    @Test(
        "what became due last is found among much that can't be claimed",
        arguments: TestDatabase.all)
    func newest(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let budget = Self.budget()
            func look() async throws -> DueQueues {
                let now = store.clock.now
                return try await store.storage.reader.read {
                    try $0.newestDueQueues(
                        at: now, leaseSeconds: Self.leaseSeconds, within: budget)
                }
            }
            try await Self.fill(store, queue: "a", count: 40)
            let first = try await look()
            #expect(first.names == ["a"])
            #expect(!first.isWhole)
            #expect(try await Self.claim(store, token: "1", budget).count == 4)
            store.clock.advance(seconds: 1)
            try await Self.fill(store, queue: "b", count: 2)
            #expect(try await look().names == ["b"])
            let now = store.clock.now
            let all = try await store.storage.reader.read {
                try $0.allDueQueues(at: now, leaseSeconds: Self.leaseSeconds, within: budget)
            }
            #expect(all.names == ["b"])
            #expect(all.isWhole)
        }
    }
}
