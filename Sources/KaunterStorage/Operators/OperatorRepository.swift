package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// All operators, oldest first.
    package func operators() throws(DatabaseFault) -> [Operator] {
        try operators("ORDER BY id")
    }

    /// The operator whose credential has this SHA-256, if it is not revoked.
    package func activeOperator(tokenSHA256: String) throws(DatabaseFault) -> Operator? {
        try operators("WHERE token_sha256 = \(tokenSHA256) AND revoked_at IS NULL").first
    }

    /// The operator of this name.
    package func `operator`(named name: String) throws(DatabaseFault) -> Operator? {
        try operators("WHERE name = \(name)").first
    }

    /// The operator of this id.
    package func `operator`(_ id: Int64) throws(DatabaseFault) -> Operator? {
        try operators("WHERE id = \(id)").first
    }

    private func operators(_ condition: SQL) throws(DatabaseFault) -> [Operator] {
        let rows = try transaction.rows(
            "SELECT id, name, created_at, revoked_at FROM operators \(condition)")
        var operators: [Operator] = []
        for row in rows {
            operators.append(
                Operator(
                    id: try row.integer("id"), name: try row.text("name"),
                    createdAt: try row.moment("created_at"),
                    revokedAt: try row.momentOrNil("revoked_at")))
        }
        return operators
    }
}

extension Writing {
    /// Lets one operator be added or revoked at a time.
    package func lockOperators() throws(DatabaseFault) {
        _ = try transaction.rows(
            "SELECT name FROM claim_locks WHERE name = 'operators' \(.forUpdate)")
    }

    /// Adds an operator. A name that is taken is a unique violation.
    package func insertOperator(
        name: String, tokenSHA256: String, at now: Moment
    ) throws(DatabaseFault) -> Int64 {
        try returned(
            "id",
            """
            INSERT INTO operators (name, token_sha256, created_at)
            VALUES (\(name), \(tokenSHA256), \(now)) RETURNING id
            """)
    }

    /// Takes an operator's credential out of force.
    package func revokeOperator(_ id: Int64, at now: Moment) throws(DatabaseFault) {
        try transaction.run(
            "UPDATE operators SET revoked_at = \(now) WHERE id = \(id) AND revoked_at IS NULL")
    }
}
