import Foundation
import KaunterDatabase
import Synchronization
import TestSupport
import Testing

/// Notes what a database did.
final class Notes: Sendable {
    private let observations = Mutex<[DatabaseObservation]>([])

    func add(_ observation: DatabaseObservation) {
        observations.withLock { $0.append(observation) }
    }

    /// The sizes of the groups that were committed.
    var groups: [Int] {
        observations.withLock { observations in
            observations.compactMap { observation in
                guard case .committed(let acts, _) = observation else { return nil }
                return acts
            }
        }
    }

    /// How many acts have begun to wait, and not got their thread.
    var waiting: Int {
        observations.withLock { observations in
            observations.reduce(0) { count, observation in
                switch observation {
                case .queued: count + 1
                case .waited: count - 1
                case .committing, .committed, .refused: count
                }
            }
        }
    }

    var refusals: Int {
        observations.withLock { $0.count { $0 == .refused } }
    }
}

/// A SQLite database whose writer can be held, so that what comes next waits and makes one group.
struct HeldWriter {
    static let queueLimit = 40

    let database: SQLiteDatabase
    let notes = Notes()

    init() throws {
        let path = try TestFolder.make().appending(path: "held.sqlite").path
        var limits = SQLiteLimits()
        limits.queueLimit = Self.queueLimit
        database = try SQLiteDatabase(
            path: path, readers: 1, limits: limits, observer: { [notes] in notes.add($0) })
    }

    /// Performs `queueLimit` acts as one group, and returns what each came to, by its number.
    ///
    /// One act more than there is room for is given: when it has been turned away the others must
    /// all be queued, and the writer is let go.
    func performTogether(
        _ act: @escaping @Sendable (any Transaction, Int) throws -> Void
    ) async throws -> [Int: (any Error)?] {
        let (began, release) = (Gate(), Gate())
        async let held: Void = database.write { _ in
            began.open()
            release.block()
        }
        await began.opened()
        let outcomes = await withTaskGroup(of: (Int, (any Error)?).self) { group in
            for number in 0...Self.queueLimit {
                group.addTask { (number, await outcome { try act($0, number) }) }
            }
            let turnedAway = await group.next()
            #expect(turnedAway?.1 as? DatabaseFault == DatabaseFault(.overloaded, ""))
            #expect(notes.refusals == 1)
            // The writer is stuck, and it is seen how many wait for it.
            #expect(notes.waiting == Self.queueLimit)
            release.open()
            var outcomes: [Int: (any Error)?] = [:]
            for await (number, error) in group { outcomes.updateValue(error, forKey: number) }
            return outcomes
        }
        try await held
        #expect(notes.waiting == 0)
        #expect(outcomes.count == Self.queueLimit)
        return outcomes
    }

    private func outcome(
        _ body: @escaping @Sendable (any Transaction) throws -> Void
    ) async -> (any Error)? {
        do {
            try await database.write(body)
            return nil
        } catch {
            return error
        }
    }

    func numbers() async throws -> [Int] {
        let rows = try await database.read { try $0.rows("SELECT number FROM t ORDER BY number") }
        return try rows.map { Int(try $0.integer("number")) }
    }
}
