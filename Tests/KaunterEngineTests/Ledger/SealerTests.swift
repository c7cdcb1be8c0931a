import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@Suite("The sealer")
struct SealerTests {
    @Test("what is committed is sealed once, in a chain without gaps", arguments: TestDatabase.all)
    func chain(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            for number in 1...5 { _ = try await house.paid("order-\(number)") }
            try await house.engine.freeze(account: house.account.id, act: house.act())
            #expect(try await house.engine.reader.read { try $0.unsealed() } == 6)
            #expect(try await house.engine.seal(limit: 4) == 4)
            #expect(try await house.engine.seal(limit: 4) == 2)
            #expect(try await house.engine.seal(limit: 4) == 0)
            let seals = try await house.engine.reader.read { try $0.seals(after: 0, limit: 10) }
            #expect(seals.map(\.positions) == [1...4, 5...6])
            #expect(seals.map(\.entries) == [6, 4])
            #expect(Set(seals.map(\.sha256)).count == 2)
            #expect(try await house.engine.reader.read { try $0.unsealed() } == 0)
            let report = try await house.engine.audit()
            #expect(report.findings == [])
            #expect(report.checked.seals == 2)
        }
    }

    @Test(
        "balances of the house are the same before and after they are sealed",
        arguments: TestDatabase.all)
    func balances(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.setTerms(BookingTests.terms)
            _ = try await house.paid()
            try await house.engine.seal(limit: 100)
            _ = try await house.paid("order-2")
            #expect(try await house.balance(.fees) == 560)
            #expect(try await house.railOwes() == 20_000)
            try await house.engine.seal(limit: 100)
            #expect(try await house.balance(.fees) == 560)
            #expect(try await house.railOwes() == 20_000)
            let imbalance = try await house.engine.reader.read { try $0.imbalance() }
            #expect(imbalance == 0)
            let kept = try await house.store.database.read { transaction in
                try transaction.rows(
                    "SELECT balance_sen FROM ledger_accounts WHERE code = 'fees'"
                ).first?.integer("balance_sen")
            }
            #expect(kept == 560)
        }
    }

    @Test("a turn seals what waits, and the next follows at once while more waits")
    func turns() async throws {
        try await EngineHouse.use(try #require(TestDatabase.all.first)) { house in
            let sealer = Sealer(engine: house.engine)
            #expect(try await house.turn(sealer) == nil)
            let (now, acts) = (house.clock.now, 2_500)
            try await house.storage.write { writing in
                for _ in 0..<acts { try writing.record(house.act(), at: now) }
            }
            let again = Moment(microseconds: now.microseconds + 10_000)
            #expect(try await house.turn(sealer) == again)
            #expect(try await house.turn(sealer) == again)
            #expect(try await house.turn(sealer) == nil)
            #expect(try await house.engine.reader.read { try $0.unsealed() } == 0)
            #expect(try await house.engine.audit().findings == [])
        }
    }

    @Test("two sealers at once seal each item once", arguments: TestDatabase.all)
    func two(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            for number in 1...20 { _ = try await house.paid("order-\(number)") }
            let engine = house.engine
            let sealed = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await engine.seal(limit: 3) } }
                return try await group.reduce(0, +)
            }
            #expect(sealed == 20)
            #expect(try await engine.audit().findings == [])
        }
    }

    /// On PostgreSQL ids are committed out of order: one transaction is held open while a later id
    /// is committed and sealed.
    @Test(
        "a commit that comes late with an earlier id is not passed over",
        .enabled(if: TestDatabase.serverURL != nil))
    func late() async throws {
        let kind = try #require(TestDatabase.all.last)
        try await EngineHouse.use(kind) { house in
            let other = try await house.store.place.open()
            do {
                try await lateCommit(house, other)
            } catch {
                await other.close()
                throw error
            }
            await other.close()
        }
    }

    private func lateCommit(_ house: EngineHouse, _ other: any Database) async throws {
        let (gate, isWritten) = (Gate(), Gate())
        let surroundings = house.store.surroundings
        let (now, act) = (house.clock.now, house.act())
        let early = Task {
            try await Storage(database: other, surroundings: surroundings).write { writing in
                let id = try writing.record(act, at: now)
                isWritten.open()
                gate.block()
                return id
            }
        }
        await isWritten.opened()
        let late = try await house.storage.write { try $0.record(act, at: now) }
        #expect(try await house.engine.seal(limit: 100) == 1)
        #expect(try await house.engine.audit().findings == [])
        gate.open()
        #expect(try await early.value < late)
        #expect(try await house.engine.seal(limit: 100) == 1)
        #expect(try await house.engine.seal(limit: 100) == 0)
        #expect(try await house.engine.audit().findings == [])
        let positions = try await house.store.database.read { transaction in
            try transaction.rows("SELECT item_id FROM seal_positions ORDER BY position")
                .map { try $0.integer("item_id") }
        }
        #expect(positions == [late, late - 1])
    }
}

/// Opens once. A transaction's body runs on a thread of its database, which it may hold.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func open() {
        semaphore.signal()
        continuation.finish()
    }

    /// A test that went wrong elsewhere must still end, so it gives up in time.
    func block() { _ = semaphore.wait(timeout: .now() + 20) }

    func opened() async { for await _ in stream {} }
}
