extension SQL {
    /// Values bound to one statement: what SQLite allows, which is the smaller of the two.
    static let boundValueLimit = 32_766

    /// Bytes of one bound text. Far above what this program stores, and far below the size at which
    /// a driver would give up in its own, ruder way.
    static let boundTextLimitBytes = 16 * 1024 * 1024

    /// The bound values, after what either database could not hold has been refused.
    ///
    /// Both databases refuse the same, so that what was tried on one is true of the other. A byte
    /// of value zero would end the text early on its way to PostgreSQL, and what is stored would
    /// not be what was given. Throws `.malformed`.
    func checkedBindings() throws(DatabaseFault) -> [Value] {
        guard bindings.count <= Self.boundValueLimit else {
            throw DatabaseFault(.malformed, "too many bound values")
        }
        for value in bindings {
            guard case .text(let text) = value else { continue }
            guard text.utf8.count <= Self.boundTextLimitBytes else {
                throw DatabaseFault(.malformed, "a bound text is too long")
            }
            guard !text.utf8.contains(0) else {
                throw DatabaseFault(.malformed, "a bound text has a zero byte")
            }
        }
        return bindings
    }
}
