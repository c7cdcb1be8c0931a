package import KaunterDatabase

/// A table that is gone through by its ids, a page at a time: no statement takes long, and none
/// gives more rows than a page, however large the books are.
package enum AuditedTable: Sendable, CaseIterable {
    case transfers
    /// The ids of payments and payouts.
    case identifiers
    case suspense
    case holds
    case settlements
    case acts
    /// The accounts of the books.
    case accounts

    fileprivate var name: SQL {
        switch self {
        case .transfers: "ledger_transfers"
        case .identifiers: "identifiers"
        case .suspense: "suspense"
        case .holds: "holds"
        case .settlements: "settlements"
        case .acts: "acts"
        case .accounts: "ledger_accounts"
        }
    }
}

/// Some rows of a table that follow each other: those whose ids are greater than `after`, up to and
/// with `last`.
package struct IDRange: Sendable, Equatable {
    package let after: Int64
    package let last: Int64
    package let count: Int64

    /// The condition that `column` is within.
    func holds(_ column: SQL) -> SQL {
        "(\(column) > \(after) AND \(column) <= \(last))"
    }
}

extension Reading {
    /// The next page of a table; nil at its end.
    package func idRange(
        of table: AuditedTable, after id: Int64, limit: Int
    ) throws(DatabaseFault) -> IDRange? {
        let sql: SQL = """
            SELECT max(id) AS last, count(*) AS n
            FROM (SELECT id FROM \(table.name) WHERE id > \(id) ORDER BY id LIMIT \(limit)) AS page
            """
        guard let row = try row(sql), let last = try row.integerOrNil("last") else { return nil }
        return IDRange(after: id, last: last, count: try row.integer("n"))
    }
}

/// A number that isn't what it must be, and the row that it belongs to.
package struct Mismatch: Sendable, Equatable {
    package let id: Int64
    package let expected: Int64
    package let found: Int64
}

extension Reading {
    /// The rows of a statement with the columns `id`, `expected` and `found`.
    func mismatches(_ sql: SQL) throws(DatabaseFault) -> [Mismatch] {
        var mismatches: [Mismatch] = []
        for row in try transaction.rows(sql) {
            mismatches.append(
                Mismatch(
                    id: try row.integer("id"), expected: try row.integer("expected"),
                    found: try row.integer("found")))
        }
        return mismatches
    }

    /// The ids that a statement gives.
    func ids(_ sql: SQL) throws(DatabaseFault) -> [Int64] {
        var ids: [Int64] = []
        for row in try transaction.rows(sql) { ids.append(try row.integer("id")) }
        return ids
    }
}
