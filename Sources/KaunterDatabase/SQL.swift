/// The text of a statement, whose interpolations are always bound values.
///
///     "SELECT amount_sen FROM payments WHERE uuid = \(uuid) \(.forUpdate)"
///
/// A string that came from outside cannot become part of the text: there is no interpolation which
/// would put it there. PostgreSQL must be able to tell the kind of a bound null from its place, so
/// a condition such as `\(cursor) IS NULL OR id < \(cursor)` is written by splicing another `SQL`.
package struct SQL: Sendable {
    /// A word of the statement for which the two databases have different text. The raw value is
    /// the byte that holds its place in the pattern.
    package enum Token: UInt8, Sendable, CaseIterable {
        /// Locks the rows that were read until the transaction ends.
        case forUpdate = 1
        /// Likewise, and leaves out the rows that another transaction has locked.
        case skipLocked = 2
        /// The type of an integer key that the database counts, and never gives twice.
        case identity = 3
    }

    /// The byte that holds the place of a value. It is SQLite's own, so that the pattern of a
    /// statement without tokens is its text there: what is asked most is printed least. A statement
    /// writes it nowhere else.
    static let valueMark = UInt8(ascii: "?")

    /// One statement with marks for values and tokens, or a script. The same for the same place in
    /// the source whatever the values are, so a prepared statement can be found by it.
    let pattern: String

    /// The bound values in the order of their marks.
    package let bindings: [Value]

    /// Whether the pattern has marks for tokens.
    let hasTokens: Bool

    /// True of a script, which may hold several statements and is not prepared.
    let isScript: Bool

    /// Several statements with no bound values, for migrations.
    ///
    /// `{{identity}}` in the text becomes the dialect's `Token.identity`. Only `Transaction.run`
    /// takes a script, and it must neither begin nor end a transaction.
    package static func script(_ text: String) -> SQL {
        SQL(pattern: text, bindings: [], hasTokens: false, isScript: true)
    }

    /// The statement with its placeholders, as this dialect writes it.
    package func text(for dialect: Dialect) -> String {
        if isScript {
            return pattern.replacing("{{identity}}", with: dialect.text(of: .identity))
        }
        return dialect == .sqlite && !hasTokens ? pattern : printed(for: dialect)
    }

    private func printed(for dialect: Dialect) -> String {
        var text: [UInt8] = []
        var number = 0
        for byte in pattern.utf8 {
            if byte == Self.valueMark {
                number += 1
                text += dialect.placeholder(number).utf8
            } else if let token = Token(rawValue: byte) {
                text += dialect.text(of: token).utf8
            } else {
                text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
