import Foundation
import KaunterCore
import KaunterDatabase
import KaunterStorage
import TestSupport
import Testing

@Suite("The outbox")
struct DeliveryRepositoryTests {
    /// Puts so many deliveries of one payment into a queue.
    private static func fill(
        _ store: TestStore, queue: String, count: Int, url: String = "https://shop.example/n?a=1"
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
                        endpoint: nil,
                        url: url,
                        queue: queue, digest: .sha1), at: now)
            }
        }
    }

    private static func claim(
        _ store: TestStore, token: String, limit: Int = 64, perQueue: Int = 4,
        perAccount: Int = 64
    ) async throws -> [Delivery] {
        let now = store.clock.now
        return try await store.storage.write {
            try $0.claimDeliveries(
                token: token, at: now, leaseSeconds: 45,
                within: DeliveryBudget(
                    limit: limit, perQueue: perQueue, perAccount: perAccount))
        }
    }

    private static func finish(
        _ store: TestStore, _ delivery: Delivery, _ outcome: DeliveryOutcome, sign: String? = "S"
    ) async throws -> Bool {
        let now = store.clock.now
        return try await store.storage.write {
            try $0.finish(delivery, outcome, sign: sign, at: now)
        }
    }

    @Test("a claim respects the budget of each queue and of all", arguments: TestDatabase.all)
    func budgets(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            try await Self.fill(store, queue: "a", count: 10)
            try await Self.fill(store, queue: "b", count: 2)
            try await Self.fill(store, queue: "c", count: 10)
            let first = try await Self.claim(store, token: "1", limit: 9)
            #expect(first.count == 9)
            let perPayment = Dictionary(grouping: first, by: \.subject).mapValues(\.count)
            #expect(perPayment.values.allSatisfy { $0 <= 4 })
            #expect(try await Self.claim(store, token: "2").count == 1)
            #expect(try await Self.claim(store, token: "3") == [])
            let freed = try #require(first.first)
            #expect(try await Self.finish(store, freed, .delivered(code: 200)))
            let next = try await Self.claim(store, token: "4")
            #expect(next.map(\.subject) == [freed.subject])
        }
    }

    @Test("the oldest of a queue come first", arguments: TestDatabase.all)
    func order(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            try await Self.fill(store, queue: "a", count: 3)
            store.clock.advance(seconds: 1)
            let claimed = try await Self.claim(store, token: "1", perQueue: 2).map(\.id)
            let all = try await store.database.read { transaction in
                try transaction.rows("SELECT id FROM deliveries ORDER BY id")
                    .map { try $0.integer("id") }
            }
            #expect(claimed == Array(all.prefix(2)))
        }
    }

    @Test(
        "a lease that ran out is claimed again, and its first holder may say nothing any more",
        arguments: TestDatabase.all)
    func fencing(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            try await Self.fill(store, queue: "a", count: 1)
            let first = try #require(try await Self.claim(store, token: "1").first)
            store.clock.advance(seconds: 44)
            #expect(try await Self.claim(store, token: "2") == [])
            store.clock.advance(seconds: 1)
            let second = try #require(try await Self.claim(store, token: "2").first)
            #expect(second.id == first.id)
            let before = try await Self.row(store)
            for outcome in [
                DeliveryOutcome.delivered(code: 200), .abandoned(code: 0, fault: "timeout"),
                .failed(code: 500, fault: "", nextAt: store.clock.now),
            ] {
                #expect(try await Self.finish(store, first, outcome, sign: "OLD") == false)
            }
            #expect(try await Self.row(store) == before)
            #expect(try await Self.finish(store, second, .delivered(code: 204)))
            #expect(try await Self.finish(store, second, .delivered(code: 200)) == false)
            #expect(
                try await Self.row(store) == ["delivered", "S", "0", "204", "", "", ""])
        }
    }

    /// The only delivery: state, sign, failures, last_code, last_fault, next_at (seconds from the
    /// start of the clock), lease_token.
    private static func row(_ store: TestStore) async throws -> [String] {
        try await store.database.read { transaction in
            let row = try transaction.rows("SELECT * FROM deliveries").first
            let start = ManualClock.start
            func seconds(_ column: String) throws -> String {
                try row?.integerOrNil(column).map {
                    "\(($0 - start.microseconds) / 1_000_000)"
                } ?? ""
            }
            return [
                try row?.text("state") ?? "", try row?.textOrNil("sign") ?? "",
                "\(try row?.integer("failures") ?? -1)",
                try row?.integerOrNil("last_code").map { "\($0)" } ?? "",
                try row?.textOrNil("last_fault") ?? "", try seconds("next_at"),
                try row?.textOrNil("lease_token") ?? "",
            ]
        }
    }

    @Test(
        "failures are counted, the first signature is kept, and the next try waits",
        arguments: TestDatabase.all)
    func failures(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            try await Self.fill(store, queue: "a", count: 1)
            let first = try #require(try await Self.claim(store, token: "1").first)
            #expect(first.sign == nil)
            #expect(first.failures == 0)
            #expect(first.createdAt == store.clock.now)
            #expect(first.method == .get)
            #expect(first.isLearned == false)
            #expect(first.leaseToken == "1")
            let nextAt = store.clock.now.adding(seconds: 5)
            #expect(
                try await Self.finish(
                    store, first, .failed(code: 0, fault: "timeout", nextAt: nextAt)))
            #expect(
                try await Self.row(store) == ["pending", "S", "1", "0", "timeout", "5", ""])
            let due = try await store.storage.reader.read { try $0.nextDeliveryAt() }
            #expect(due == nextAt)
            #expect(try await Self.claim(store, token: "2") == [])
            store.clock.advance(seconds: 5)
            let second = try #require(try await Self.claim(store, token: "2").first)
            #expect(second.sign == "S")
            #expect(second.failures == 1)
            #expect(
                try await Self.finish(store, second, .abandoned(code: 500, fault: ""), sign: nil))
            #expect(
                try await Self.row(store) == ["abandoned", "S", "2", "500", "", "", ""])
            #expect(try await store.storage.reader.read { try $0.nextDeliveryAt() } == nil)
        }
    }

    @Test(
        "the next delivery is due when its lease is over, and what waits is counted",
        arguments: TestDatabase.all)
    func due(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            try await Self.fill(store, queue: "a", count: 3)
            let start = store.clock.now
            func next() async throws -> Moment? {
                try await store.storage.reader.read { try $0.nextDeliveryAt() }
            }
            #expect(try await next() == start)
            store.clock.advance(seconds: 7)
            let claimed = try await Self.claim(store, token: "1")
            #expect(claimed.count == 3)
            #expect(try await next() == start.adding(seconds: 52))
            #expect(try await Self.finish(store, claimed[0], .delivered(code: 200)))
            let outbox = try await store.storage.reader.read { try $0.outbox(at: store.clock.now) }
            #expect(outbox.depth == 2)
            #expect(outbox.oldestAt == start)
            let now = store.clock.now
            try await store.storage.write { try $0.freeDeliveryLeases(at: now) }
            #expect(try await next() == now)
            #expect(try await Self.finish(store, claimed[1], .delivered(code: 200)) == false)
            #expect(try await Self.claim(store, token: "2").count == 2)
        }
    }

    @Test(
        "an account's budget holds over all its queues, and another account has its own",
        arguments: TestDatabase.all)
    func accountBudget(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            for queue in ["a", "b", "c"] { try await Self.fill(store, queue: queue, count: 4) }
            let first = try await Self.claim(store, token: "1", perQueue: 2, perAccount: 5)
            #expect(first.count == 5)
            #expect(
                try await Self.claim(store, token: "2", perQueue: 2, perAccount: 5) == [])
            let more = try await Self.claim(store, token: "3", perQueue: 2, perAccount: 6)
            #expect(more.count == 1)
        }
    }

    @Test("the queue that has waited longest comes first", arguments: TestDatabase.all)
    func fairness(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            try await Self.fill(store, queue: "z", count: 1)
            store.clock.advance(seconds: 1)
            try await Self.fill(store, queue: "a", count: 1)
            let oldest = try await Self.claim(store, token: "1", limit: 1)
            let newest = try await Self.claim(store, token: "2", limit: 1)
            #expect(try #require(oldest.first).id < #require(newest.first).id)
        }
    }

    @Test("claimers at the same time never share a delivery", arguments: TestDatabase.all)
    func together(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            for queue in ["a", "b", "c", "d"] {
                try await Self.fill(store, queue: queue, count: 20)
            }
            var done: Set<Int64> = []
            for round in 0..<12 where done.count < 80 {
                let claimed = try await withThrowingTaskGroup(of: [Delivery].self) { group in
                    for claimer in 0..<8 {
                        group.addTask {
                            try await Self.claim(
                                store, token: "\(round)-\(claimer)", limit: 10, perQueue: 3)
                        }
                    }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                #expect(!claimed.isEmpty)
                #expect(Set(claimed.map(\.id)).count == claimed.count)
                let perQueue = Dictionary(grouping: claimed, by: \.subject).mapValues(\.count)
                #expect(perQueue.values.allSatisfy { $0 <= 3 })
                for delivery in claimed {
                    #expect(try await Self.finish(store, delivery, .delivered(code: 200)))
                    #expect(done.insert(delivery.id).inserted)
                }
            }
            #expect(done.count == 80)
        }
    }

    @Test(
        "what was learned holds for a path with any query, for get only, and for one account",
        arguments: TestDatabase.all)
    func learned(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let account = store.account.id
            let now = store.clock.now
            try await store.storage.write { writing in
                try writing.learn(.postForm, at: "https://shop.example/n", of: account, at: now)
                try writing.learn(.postJSON, at: "https://shop.example/n", of: account, at: now)
            }
            for (number, query) in ["", "?b=2", "#x", "?a#?"].enumerated() {
                try await Self.fill(
                    store, queue: "\(number)", count: 1, url: "https://shop.example/n\(query)")
            }
            try await Self.fill(store, queue: "other", count: 1, url: "https://shop.example/m")
            let claimed = try await Self.claim(store, token: "1")
            #expect(
                claimed.map(\.method) == [.postJSON, .postJSON, .postJSON, .postJSON, .get])
            #expect(claimed.map(\.isLearned) == [true, true, true, true, false])
            let others = try await store.storage.reader.read {
                try $0.learnedMethod(
                    at: "https://shop.example/n",
                    of: MerchantAccount.ID(rawValue: UUID(lastByte: 3)))
            }
            #expect(others == nil)
        }
    }

    @Test("a delivery to an endpoint goes by the endpoint's method", arguments: TestDatabase.all)
    func endpoint(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let payment = try await store.insertPayment()
            let now = store.clock.now
            for method in NotificationMethod.allCases {
                try await store.storage.write { writing in
                    let url = "https://shop.example/\(method.rawValue)"
                    let id = try writing.insertEndpoint(
                        url: url, method: method, digest: nil, of: payment.account, at: now)
                    let event = try writing.insert(
                        NewEvent(.paymentPaid, of: payment.account, payment: payment.id), at: now)
                    try writing.insert(
                        NewDelivery(
                            of: event, subject: .payment(payment.id), account: payment.account,
                            endpoint: id, url: url,
                            queue: "endpoint \(id)", digest: .sha256), at: now)
                }
            }
            let claimed = try await Self.claim(store, token: "1")
            #expect(claimed.map(\.method) == [.get, .postForm, .postJSON])
            #expect(claimed.allSatisfy { $0.digest == .sha256 })
        }
    }
}
