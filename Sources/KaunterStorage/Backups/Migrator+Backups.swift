import KaunterCore
package import KaunterDatabase

/// What backups and restored stores ask of the list of schema scripts.
extension Migrator {
    /// The number of a store's newest script, after all of its scripts proved to be this program's:
    /// the first ones, none left out, none changed. Throws `.other` when they are not.
    func recognise(_ reading: Reading) throws(DatabaseFault) -> Int64 {
        let stored = try reading.transaction.rows(
            "SELECT number, checksum FROM schema_scripts ORDER BY number")
        guard stored.count <= scripts.count, let newest = stored.last else {
            throw DatabaseFault(.other, "the store was made by a newer kaunter, or is none")
        }
        for (script, row) in zip(scripts, stored) {
            guard try row.integer("number") == script.number,
                try row.text("checksum") == script.checksum
            else {
                throw DatabaseFault(.other, "schema script \(script.name) is not the one applied")
            }
        }
        return try newest.integer("number")
    }

    /// Counts a store, or of its tables only `named`, after its scripts were recognised.
    package func contents(
        in transaction: any Transaction, of named: [String]? = nil
    ) throws(DatabaseFault) -> StoreContents {
        let reading = Reading(transaction)
        return try reading.contents(schema: try recognise(reading), of: named)
    }

    /// The number of this program's newest script.
    package var newest: Int64 { scripts.last?.number ?? 0 }

    /// Applies what is missing inside a transaction that is open already.
    func migrate(in writing: Writing, at now: Moment) throws -> [String] {
        try scripts.filter { try Self.apply($0, in: writing.transaction, at: now) }.map(\.name)
    }

    /// Writes the list of a store whose scripts up to this number have been applied elsewhere.
    func list(upTo number: Int64, in writing: Writing, at now: Moment) throws {
        for script in scripts where script.number <= number {
            try Self.remember(script, in: writing.transaction, at: now)
        }
    }
}
