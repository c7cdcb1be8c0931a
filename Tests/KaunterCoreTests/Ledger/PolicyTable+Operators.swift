// What operators set aside and correct.

extension PolicyTable {
    static let operators = [
        Story(
            "a frozen payment is set aside, and comes back",
            """
            account available 97.20
            event payment_frozen posted 92.34
            transfer available hold 92.34
            expect available 4.86
            expect hold 92.34
            event payment_unfrozen posted 92.34
            transfer hold available 92.34
            expect available 97.20
            """),
        Story(
            "what is unfrozen pays a debt first",
            """
            account hold 92.34
            account receivable -30.00
            event payment_unfrozen posted 92.34
            transfer hold receivable 30.00
            transfer hold available 62.34
            """),
        Story(
            "a correction in the merchant's favour",
            """
            event adjusted posted 2.50
            transfer adjustments available 2.50
            expect adjustments -2.50
            """),
        Story(
            "a correction in favour of one who owes pays the debt first",
            """
            account receivable -2.00
            event adjusted posted 2.50
            transfer adjustments receivable 2.00
            transfer adjustments available 0.50
            """),
        Story(
            "a correction at the merchant's expense takes what there is, and leaves a debt",
            """
            account available 4.00
            account hold 3.00
            account rolling_reserve 2.00
            event adjusted posted -10.00
            transfer available adjustments 4.00
            transfer hold adjustments 3.00
            transfer rolling_reserve adjustments 2.00
            transfer receivable adjustments 1.00
            expect adjustments 10.00
            expect receivable -1.00
            """),
    ]
}
