@testable import KaunterDatabase

/// What a planted fault makes of a statement; nil is to leave it out.
typealias SQLChange = @Sendable (SQL) -> SQL?

/// A transaction whose statements a planted fault changes on their way.
final class ChangedTransaction: Transaction {
    private let inner: any Transaction
    private let change: SQLChange

    init(_ inner: any Transaction, _ change: @escaping SQLChange) {
        self.inner = inner
        self.change = change
    }

    var dialect: Dialect { inner.dialect }

    func rows(_ sql: SQL) throws(DatabaseFault) -> [Row] {
        guard let changed = change(sql) else { return [] }
        return try inner.rows(changed)
    }

    func run(_ sql: SQL) throws(DatabaseFault) -> Int {
        guard let changed = change(sql) else { return 1 }
        return try inner.run(changed)
    }
}

extension SQL {
    /// The statement with another text in place of a part of it; nil when it has no such part.
    func replacing(_ part: String, with other: String) -> SQL? {
        guard pattern.contains(part) else { return nil }
        return SQL(
            pattern: pattern.replacing(part, with: other), bindings: bindings,
            hasTokens: hasTokens, isScript: isScript)
    }

    /// Whether the statement's text has all these parts.
    func has(_ parts: String...) -> Bool {
        parts.allSatisfy { pattern.contains($0) }
    }
}
