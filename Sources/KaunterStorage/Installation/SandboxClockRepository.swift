package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// Seconds by which this sandbox's clock is ahead of real time; 0 in a store whose clock was
    /// never advanced.
    package func clockAheadSeconds() throws(DatabaseFault) -> Int64 {
        try row("SELECT ahead_seconds FROM sandbox_clock WHERE id = 1")?
            .integer("ahead_seconds") ?? 0
    }

    /// How much is due at this moment, by what it is.
    package func dueWork(at now: Moment) throws(DatabaseFault) -> DueWork {
        let sql: SQL = """
            SELECT
                (SELECT count(*) FROM payments WHERE status = 'wait' AND expires_at <= \(now))
                    AS payments,
                (SELECT count(*) FROM attempts
                 WHERE next_enquiry_at IS NOT NULL AND next_enquiry_at <= \(now)) AS attempts,
                (SELECT count(*) FROM payouts WHERE next_at IS NOT NULL AND next_at <= \(now))
                    AS payouts,
                (SELECT count(*) FROM deliveries WHERE state = 'pending' AND next_at <= \(now))
                    AS deliveries,
                (SELECT count(*) FROM holds WHERE ended_at IS NULL AND due_at <= \(now)) AS holds
            """
        guard let row = try row(sql) else { return DueWork() }
        return DueWork(
            payments: try row.integer("payments"), attempts: try row.integer("attempts"),
            payouts: try row.integer("payouts"), deliveries: try row.integer("deliveries"),
            holds: try row.integer("holds"))
    }
}

extension Writing {
    /// Moves the sandbox's clock ahead, and returns by how many seconds it is then.
    package func advanceClock(by seconds: Int64) throws(DatabaseFault) -> Int64 {
        try returned(
            "ahead_seconds",
            """
            INSERT INTO sandbox_clock (id, ahead_seconds) VALUES (1, \(seconds))
            ON CONFLICT (id) DO UPDATE
            SET ahead_seconds = sandbox_clock.ahead_seconds + excluded.ahead_seconds
            RETURNING ahead_seconds
            """)
    }
}

/// What the workers have to do at a moment.
package struct DueWork: Sendable, Equatable {
    /// Payments whose lifetime is over.
    package var payments: Int64 = 0
    /// Attempts that their rail is to be asked about.
    package var attempts: Int64 = 0
    /// Payouts to be sent or asked about.
    package var payouts: Int64 = 0
    /// Notifications to be sent.
    package var deliveries: Int64 = 0
    /// Money to be released.
    package var holds: Int64 = 0

    package init(
        payments: Int64 = 0, attempts: Int64 = 0, payouts: Int64 = 0, deliveries: Int64 = 0,
        holds: Int64 = 0
    ) {
        self.payments = payments
        self.attempts = attempts
        self.payouts = payouts
        self.deliveries = deliveries
        self.holds = holds
    }

    /// What is due here and was not due there.
    package func beyond(_ earlier: DueWork) -> DueWork {
        DueWork(
            payments: payments - earlier.payments, attempts: attempts - earlier.attempts,
            payouts: payouts - earlier.payouts, deliveries: deliveries - earlier.deliveries,
            holds: holds - earlier.holds)
    }
}
