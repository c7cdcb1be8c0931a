import Foundation
import KaunterCore
import KaunterDatabase
import KaunterStorage
import Synchronization
import TestSupport
import Testing

@Suite("Storage")
struct StorageTests {
    /// How often something was tried.
    private final class Tally: Sendable {
        private let number = Mutex(0)
        var count: Int { number.withLock { $0 } }
        func add() -> Int {
            number.withLock { number in
                number += 1
                return number
            }
        }
    }

    private static func storage(
        _ store: TestStore, slept: Tally
    ) -> Storage {
        let surroundings = Surroundings(
            now: store.surroundings.now, uuid: store.surroundings.uuid,
            randomBytes: store.surroundings.randomBytes, sleep: { _ in _ = slept.add() })
        return Storage(database: store.database, surroundings: surroundings)
    }

    @Test(
        "an act that was in the way of another is tried again, and stored once",
        arguments: TestDatabase.all)
    func retries(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let (tried, slept) = (Tally(), Tally())
            let storage = Self.storage(store, slept: slept)
            _ = try await storage.write { writing in
                let id = try writing.drawPaymentID()
                if tried.add() < 4 { throw DatabaseFault(.serialization, "in the way") }
                return id
            }
            #expect(tried.count == 4)
            #expect(slept.count == 3)
            let rows = try await store.rowCounts()["identifiers"]
            #expect(rows == (store.database.dialect == .sqlite ? 2 : 1))
        }
    }

    @Test("an act that stays in the way is given up in the end", arguments: TestDatabase.all)
    func gaveUp(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let (tried, slept) = (Tally(), Tally())
            let storage = Self.storage(store, slept: slept)
            await #expect(throws: DatabaseFault(.busy, "")) {
                try await storage.write { _ in
                    _ = tried.add()
                    throw DatabaseFault(.busy, "in the way")
                }
            }
            #expect(tried.count == 8)
        }
    }

    @Test(
        "a refusal and a fault that will not pass are not tried again",
        arguments: TestDatabase.all)
    func onlyOnce(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let (tried, slept) = (Tally(), Tally())
            let storage = Self.storage(store, slept: slept)
            await #expect(throws: Refusal.attemptOpen) {
                try await storage.write { writing in
                    _ = tried.add()
                    _ = try writing.drawPaymentID()
                    throw Refusal.attemptOpen
                }
            }
            await #expect(throws: DatabaseFault(.constraint, "")) {
                try await storage.write { _ in
                    _ = tried.add()
                    throw DatabaseFault(.constraint, "never")
                }
            }
            #expect(tried.count == 2)
            #expect(slept.count == 0)
            let rows = try await store.rowCounts()["identifiers"]
            #expect(rows == (store.database.dialect == .sqlite ? 1 : 0))
        }
    }
}
