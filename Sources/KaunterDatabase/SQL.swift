/// The text of a statement, whose interpolations are always bound values.
///
///     "SELECT amount_sen FROM payments WHERE uuid = \(uuid) \(.forUpdate)"
///
/// A string that came from outside cannot become part of the text: there is no interpolation which
/// would put it there. PostgreSQL must be able to tell the kind of a bound null from its place, so
/// a condition such as `\(cursor) IS NULL OR id < \(cursor)` is written by splicing another `SQL`.
package struct SQL: Sendable {
    /// A word of the statement for which the two databases have different text.
    package enum Token: Sendable, CaseIterable {
        /// Locks the rows that were read until the transaction ends.
        case forUpdate
        /// Likewise, and leaves out the rows that another transaction has locked.
        case skipLocked
        /// The type of an integer key that the database counts, and never gives twice.
        case identity
    }

    /// A part of a statement, as it was written down.
    enum Piece: Sendable, Equatable {
        case text(String)
        case value(Value)
        case token(Token)
    }

    /// One statement with values, or a script without.
    enum Content: Sendable, Equatable {
        case statement([Piece])
        case script(String)
    }

    let content: Content

    /// Several statements with no bound values, for migrations.
    ///
    /// `{{identity}}` in the text becomes the dialect's `Token.identity`. Only `Transaction.run`
    /// takes a script, and it must neither begin nor end a transaction.
    package static func script(_ text: String) -> SQL {
        SQL(content: .script(text))
    }

    /// The statement with its placeholders, as this dialect writes it.
    package func text(for dialect: Dialect) -> String {
        switch content {
        case .script(let text):
            return text.replacing("{{identity}}", with: dialect.text(of: .identity))
        case .statement(let pieces):
            var text = ""
            var number = 0
            for piece in pieces {
                switch piece {
                case .text(let literal): text += literal
                case .token(let token): text += dialect.text(of: token)
                case .value:
                    number += 1
                    text += dialect.placeholder(number)
                }
            }
            return text
        }
    }

    /// The bound values in the order of their placeholders.
    package var bindings: [Value] {
        guard case .statement(let pieces) = content else { return [] }
        return pieces.compactMap { piece in
            guard case .value(let value) = piece else { return nil }
            return value
        }
    }

    /// True of a script, which may hold several statements and is not prepared.
    var isScript: Bool {
        guard case .script = content else { return false }
        return true
    }
}
