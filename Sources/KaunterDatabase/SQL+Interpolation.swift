extension SQL: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        content = .statement([.text(text)])
    }

    package init(stringInterpolation: StringInterpolation) {
        content = .statement(stringInterpolation.pieces)
    }

    /// Gathers the pieces of a literal: text as text, and values as values.
    package struct StringInterpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(2 * interpolationCount + 1)
        }

        package mutating func appendLiteral(_ literal: String) {
            guard !literal.isEmpty else { return }
            pieces.append(.text(literal))
        }

        /// Binds a value.
        package mutating func appendInterpolation(_ value: some Bindable) {
            pieces.append(.value(value.databaseValue))
        }

        /// Binds a value that may be null. Apart from the above, since the compiler takes an
        /// optional in an interpolation for an oversight unless the interpolation asks for one.
        package mutating func appendInterpolation(_ value: (some Bindable)?) {
            pieces.append(.value(value.databaseValue))
        }

        /// Puts the dialect's own words.
        package mutating func appendInterpolation(_ token: Token) {
            pieces.append(.token(token))
        }

        /// Puts text that stands in the source of the program.
        package mutating func appendInterpolation(verbatim text: StaticString) {
            pieces.append(.text("\(text)"))
        }

        /// Splices another statement together with its bound values.
        ///
        /// A script is refused by a precondition: its text may have been read from a file, and
        /// must not become a part of a statement.
        package mutating func appendInterpolation(_ other: SQL) {
            guard case .statement(let others) = other.content else {
                preconditionFailure("a script cannot be spliced into a statement")
            }
            pieces.append(contentsOf: others)
        }
    }
}
