import KaunterCore
import KaunterDatabase
import KaunterStorage
import Synchronization
import TestSupport
import Testing

@Suite("Events")
struct EventRepositoryTests {
    private static func add(_ store: TestStore, _ count: Int = 1) async throws -> [Int64] {
        let now = store.clock.now
        return try await store.storage.write { writing in
            try (0..<count).map { _ in
                try writing.insert(NewEvent(.accountFrozen, of: TestStore.accountID), at: now)
            }
        }
    }

    private static func round(_ store: TestStore, limit: Int = 100) async throws -> Int {
        try await store.storage.write { try $0.makeEventRound(limit: limit) }
    }

    private static func ids(
        _ store: TestStore, after place: EventPlace, limit: Int = 100
    ) async throws -> [Int64] {
        try await store.storage.reader.read {
            try $0.events(after: place, EventFilter(), limit: limit).map(\.event.id)
        }
    }

    @Test("events are read on in rounds, each once", arguments: TestDatabase.all)
    func rounds(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            _ = try await store.insertPayment()
            let first = try await Self.add(store, 3)
            #expect(try await Self.ids(store, after: .start) == [])
            #expect(try await Self.round(store, limit: 2) == 2)
            #expect(try await Self.round(store, limit: 2) == 1)
            #expect(try await Self.round(store) == 0)
            #expect(try await Self.ids(store, after: .start) == first)
            let place = try await store.storage.reader.read { try $0.lastEventPlace() }
            #expect(try await Self.ids(store, after: place) == [])
            let second = try await Self.add(store, 2)
            #expect(try await Self.round(store) == 2)
            #expect(try await Self.ids(store, after: place) == second)
            #expect(try await Self.ids(store, after: .start, limit: 4).count == 4)
        }
    }

    @Test(
        "an event that is committed late is passed over by nobody",
        arguments: TestDatabase.all.filter { $0.dialect == .postgresql })
    func late(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            _ = try await store.insertPayment()
            let gate = Gate()
            let now = store.clock.now
            // Its id is drawn, and its commit waits.
            let slow = Task {
                try await store.database.write { transaction in
                    let id = try transaction.rows(
                        """
                        INSERT INTO events (type, account_id, created_at)
                        VALUES ('account.frozen', \(TestStore.accountID), \(now)) RETURNING id
                        """
                    ).first?.integer("id")
                    gate.open()
                    _ = try transaction.rows("SELECT pg_sleep(1)")
                    return id ?? 0
                }
            }
            while !gate.isOpen { await Task.yield() }
            let quick = try await Self.add(store)
            #expect(try await Self.round(store) == 1)
            let place = try await store.storage.reader.read { try $0.lastEventPlace() }
            #expect(place.id == quick[0])
            let id = try await slow.value
            #expect(id < quick[0])
            #expect(try await Self.round(store) == 1)
            #expect(try await Self.ids(store, after: place) == [id])
        }
    }

    @Test("a filter takes what fits all of its parts", arguments: TestDatabase.all)
    func filters(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let payment = try await store.insertPayment()
            let now = store.clock.now
            let ids = try await store.storage.write { writing in
                [
                    try writing.insert(
                        NewEvent(.paymentPaid, of: payment.account, payment: payment.id), at: now),
                    try writing.insert(NewEvent(.accountFrozen, of: payment.account), at: now),
                    try writing.insert(
                        NewEvent(
                            .paymentReversed, of: payment.account, payment: payment.id,
                            amount: .sen(250)), at: now.adding(seconds: 60)),
                ]
            }
            func found(_ change: (inout EventFilter) -> Void) async throws -> [Int64] {
                var filter = EventFilter()
                change(&filter)
                let wanted = filter
                return try await store.storage.reader.read {
                    try $0.events(wanted, limit: 10).map(\.id)
                }
            }
            #expect(try await found { _ in } == ids.reversed())
            #expect(try await found { $0.type = .accountFrozen } == [ids[1]])
            #expect(try await found { $0.payment = payment.id } == [ids[2], ids[0]])
            #expect(
                try await found {
                    $0.payment = payment.id
                    $0.type = .paymentPaid
                } == [ids[0]])
            #expect(try await found { $0.ids = ids[1]...ids[2] } == [ids[2], ids[1]])
            #expect(try await found { $0.since = now.adding(seconds: 1) } == [ids[2]])
            #expect(try await found { $0.until = now.adding(seconds: 1) } == [ids[1], ids[0]])
            #expect(try await found { $0.isUndelivered = true } == [])
            let event = try await store.storage.reader.read { try $0.event(ids[2]) }
            #expect(event?.amount == .sen(250))
            #expect(event?.name == "evt_\(ids[2])")
        }
    }
}

/// Something that happens once, and is looked at from elsewhere.
private final class Gate: Sendable {
    private let state = Atomic(false)

    var isOpen: Bool { state.load(ordering: .acquiring) }

    func open() { state.store(true, ordering: .releasing) }
}
