package import KaunterCore
import KaunterStorage

/// Chains what is committed to the books in seals, and keeps the balances of the house and the
/// rails, which no payment waits for.
package struct Sealer: Worker {
    package let name = "sealer"
    private let engine: Engine

    /// Items of one seal. The writer of an embedded store does nothing else meanwhile, so a payment
    /// waits a few milliseconds for it at most.
    private static let itemsPerSeal = 1_000
    /// Microseconds between two seals while more waits: payments get their turn.
    private static let pauseMicroseconds: Int64 = 10_000

    package init(engine: Engine) {
        self.engine = engine
    }

    package func turn(now: Moment, spawn: Spawn) async throws -> Moment? {
        guard try await engine.reader.read({ try $0.unsealed() }) > 0 else { return nil }
        let items = try await engine.seal(limit: Self.itemsPerSeal)
        guard items == Self.itemsPerSeal else { return nil }
        return Moment(microseconds: now.microseconds + Self.pauseMicroseconds)
    }
}

extension Engine {
    /// Seals what has waited longest, `limit` items at most.
    ///
    /// The digest is taken inside the transaction: it is over in a millisecond, and what is sealed
    /// is then certainly what got the positions.
    ///
    /// - Returns: how many items the seal covers; 0: none waits.
    @discardableResult
    package func seal(limit: Int) async throws -> Int {
        let now = now
        let items = try await storage.write { writing -> Int in
            guard let open = try writing.takeForSeal(limit: limit) else { return 0 }
            var text = SealText(
                number: open.number, positions: open.positions, sealedAt: now,
                previous: open.previous)
            for item in try writing.reading.sealedItems(at: open.positions) { text.add(item) }
            try writing.insert(
                Seal(
                    number: open.number, positions: open.positions, entries: text.entries,
                    sha256: text.digest(), sealedAt: now))
            return open.positions.count
        }
        if items > 0 { surroundings.reached(.sealRecorded) }
        return items
    }
}
