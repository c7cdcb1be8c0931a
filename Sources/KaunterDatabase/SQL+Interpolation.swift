extension SQL: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        self.init(pattern: text, bindings: [], hasTokens: false, isScript: false)
    }

    package init(stringInterpolation: StringInterpolation) {
        self.init(
            pattern: stringInterpolation.pattern, bindings: stringInterpolation.bindings,
            hasTokens: stringInterpolation.hasTokens, isScript: false)
    }

    /// Gathers a literal: text as text, and values as values.
    package struct StringInterpolation: StringInterpolationProtocol {
        var pattern = ""
        var bindings: [Value] = []
        var hasTokens = false

        package init(literalCapacity: Int, interpolationCount: Int) {
            pattern.reserveCapacity(literalCapacity + interpolationCount)
            bindings.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) {
            assert(
                literal.utf8.allSatisfy { $0 != SQL.valueMark && Token(rawValue: $0) == nil },
                "a statement holds a byte that stands for a value or a token")
            pattern += literal
        }

        /// Binds a value.
        package mutating func appendInterpolation(_ value: some Bindable) {
            append(value.databaseValue)
        }

        /// Binds a value that may be null. Apart from the above, since the compiler takes an
        /// optional in an interpolation for an oversight unless the interpolation asks for one.
        package mutating func appendInterpolation(_ value: (some Bindable)?) {
            append(value.databaseValue)
        }

        /// Puts the dialect's own words.
        package mutating func appendInterpolation(_ token: Token) {
            pattern.unicodeScalars.append(Unicode.Scalar(token.rawValue))
            hasTokens = true
        }

        /// Puts text that stands in the source of the program.
        package mutating func appendInterpolation(verbatim text: StaticString) {
            appendLiteral("\(text)")
        }

        /// Splices another statement together with its bound values.
        ///
        /// A script is refused by a precondition: its text may have been read from a file, and
        /// must not become a part of a statement.
        package mutating func appendInterpolation(_ other: SQL) {
            precondition(!other.isScript, "a script cannot be spliced into a statement")
            pattern += other.pattern
            bindings += other.bindings
            hasTokens = hasTokens || other.hasTokens
        }

        private mutating func append(_ value: Value) {
            pattern.unicodeScalars.append(Unicode.Scalar(SQL.valueMark))
            bindings.append(value)
        }
    }
}
