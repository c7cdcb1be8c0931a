package import KaunterCore
package import KaunterDatabase

extension Writing {
    /// Counts `amount` towards a day's sum, and returns the sum. Whoever counts holds the row until
    /// the commit, so that two who together exceed a limit don't both stay below it.
    package func count(_ amount: Money, towards limit: DailyLimit) throws(DatabaseFault) -> Money {
        .sen(
            try returned(
                "sum_sen",
                """
                INSERT INTO daily_sums (account_id, service, day, sum_sen)
                VALUES (\(limit.account), \(limit.service), \(limit.day.number),
                        \(amount.minorUnits))
                ON CONFLICT (account_id, service, day)
                    DO UPDATE SET sum_sen = daily_sums.sum_sen + excluded.sum_sen
                RETURNING sum_sen
                """))
    }

    /// Takes back what was counted of something that came to nothing.
    package func uncount(_ amount: Money, of limit: DailyLimit) throws(DatabaseFault) {
        try transaction.run(
            """
            UPDATE daily_sums SET sum_sen = sum_sen - \(amount.minorUnits)
            WHERE account_id = \(limit.account) AND service = \(limit.service)
              AND day = \(limit.day.number)
            """)
    }
}
