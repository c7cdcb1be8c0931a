import Testing

/// What happens to money, and what it moves: each story is a row of the policy's documents in
/// numbers. Amounts are in ringgit; a credit is above zero.
enum PolicyTable {
    /// Some events in a row.
    struct Story: CustomTestStringConvertible, Sendable {
        let name: String
        let rows: String

        init(_ name: String, _ rows: String) {
            self.name = name
            self.rows = rows
        }

        var testDescription: String { name }
    }

    static let cases = payments + suspense + payouts + wayBack + operators

    /// Rows that are wrong: a sum, an account, a transfer too few, a balance, a phase.
    static let mistakes = [
        Story(
            "another sum",
            """
            event payment_paid posted 100.00
            transfer rail_receivable available 99.99
            """),
        Story(
            "another account",
            """
            event payment_paid posted 100.00
            transfer rail_receivable hold 100.00
            """),
        Story("no transfer", "event payment_paid posted 100.00"),
        Story(
            "another balance",
            """
            event payment_paid posted 100.00
            transfer rail_receivable available 100.00
            expect available 100.01
            """),
        Story(
            "another phase",
            """
            event payout_reserved posted 40.00
            transfer available payouts_reserved 40.00
            """),
    ]
}
