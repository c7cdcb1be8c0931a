package import KaunterCore
package import KaunterDatabase

/// What an endpoint takes a second, and what was claimed for it last. It is read and written under
/// the lock of claims, so that a rate holds over all nodes of one database.
struct Pace: Sendable, Equatable {
    let endpoint: Int64
    let rate: DeliveryRate
    /// How many the last claim took; 0 if there was none.
    let claimed: Int64
    let claimedAt: Moment?

    /// Seconds that a claim may lie ahead of a node's clock and count: no rate pauses for longer.
    /// A later one is of a clock that was set back, and would hold up the endpoint until it is
    /// caught up with.
    private static let aheadAtMostSeconds: Int64 = 1

    /// Reads `endpoint_id`, `rate`, `claimed` and `claimed_at`; nil where there is no endpoint.
    init?(_ row: Row) throws(DatabaseFault) {
        guard let endpoint = try row.integerOrNil("endpoint_id") else { return nil }
        self.endpoint = endpoint
        rate = DeliveryRate(try row.integerOrNil("rate"))
        claimed = try row.integerOrNil("claimed") ?? 0
        claimedAt = try row.momentOrNil("claimed_at")
    }

    /// How many deliveries may be claimed now.
    func room(at now: Moment) -> Int {
        guard let most = rate.claimAtMost else { return .max }
        if let opensAt, opensAt > now, !isOfAnotherClock(at: now) { return 0 }
        return Int(clamping: most)
    }

    /// When the next claim may be; nil if there was none.
    var opensAt: Moment? {
        claimedAt.map { rate.opens(after: claimed, at: $0) }
    }

    private func isOfAnotherClock(at now: Moment) -> Bool {
        claimedAt.map { $0 > now.adding(seconds: Self.aheadAtMostSeconds) } ?? false
    }
}

extension Reading {
    /// When the next of the endpoints that pause for their rate may be told again; nil if none
    /// pauses. Where nothing waits for it, that is a look too many, and not more.
    package func nextPaceAt(after now: Moment) throws(DatabaseFault) -> Moment? {
        let sql: SQL = """
            SELECT p.endpoint_id, e.rate, p.claimed, p.claimed_at
            FROM endpoint_paces p JOIN endpoints e ON e.id = p.endpoint_id
            WHERE e.rate IS NOT NULL AND e.removed_at IS NULL
              AND p.claimed_at > \(now.adding(seconds: -1))
            """
        var next: Moment?
        for row in try transaction.rows(sql) {
            guard let pace = try Pace(row), pace.room(at: now) == 0, let opensAt = pace.opensAt
            else { continue }
            next = min(next ?? opensAt, opensAt)
        }
        return next
    }
}

extension Writing {
    /// Writes down how many were claimed for an endpoint that has a rate.
    func save(_ pace: Pace, claimed: Int, at now: Moment) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO endpoint_paces (endpoint_id, claimed, claimed_at)
            VALUES (\(pace.endpoint), \(Int64(claimed)), \(now))
            ON CONFLICT (endpoint_id) DO UPDATE SET
                claimed = excluded.claimed, claimed_at = excluded.claimed_at
            """)
    }
}
