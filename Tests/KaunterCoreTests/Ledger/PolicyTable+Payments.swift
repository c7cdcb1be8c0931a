// Payments, their holds and reserves, and what their rails settle.

extension PolicyTable {
    static let payments = [
        Story(
            "fee, reserve and hold, their release, and the settlement",
            """
            terms fee 2.5 plus 0.30 reserve 5 hold 2
            event payment_paid posted 100.00
            transfer rail_receivable rolling_reserve 4.86
            transfer rail_receivable hold 92.34
            transfer rail_receivable fees 2.80
            expect rail_receivable -100.00
            expect available 0.00
            event hold_released posted 92.34 from hold
            transfer hold available 92.34
            expect available 92.34
            event settled posted 100.00 cost 1.00
            transfer bank rail_receivable 99.00
            transfer rail_cost rail_receivable 1.00
            expect bank -99.00
            expect rail_cost -1.00
            expect rail_receivable 0.00
            event hold_released posted 4.86 from rolling_reserve
            transfer rolling_reserve available 4.86
            expect available 97.20
            expect fees 2.80
            """),
        Story(
            "without terms everything is available at once",
            """
            event payment_paid posted 100.00
            transfer rail_receivable available 100.00
            expect available 100.00
            """),
        Story(
            "the tax is a part of the fee",
            """
            terms fee 2.5 plus 0.30 tax 6
            event payment_paid posted 100.00
            transfer rail_receivable available 97.20
            transfer rail_receivable fees 2.64
            transfer rail_receivable tax_payable 0.16
            """),
        Story(
            "a fee that takes everything leaves nothing",
            """
            terms fee 100
            event payment_paid posted 5.00
            transfer rail_receivable fees 5.00
            expect available 0.00
            """),
        Story(
            "parts wait in suspense until the rest is there",
            """
            terms fee 2.5 plus 0.30
            event part_received posted 30.00
            transfer rail_receivable suspense 30.00
            expect suspense 30.00
            event payment_paid posted 100.00 kept 30.00
            transfer rail_receivable available 67.20
            transfer suspense available 30.00
            transfer rail_receivable fees 2.80
            expect suspense 0.00
            expect rail_receivable -100.00
            """),
        Story(
            "a debt is paid before anything is available",
            """
            account receivable -30.00
            event payment_paid posted 50.00
            transfer rail_receivable receivable 30.00
            transfer rail_receivable available 20.00
            expect receivable 0.00
            expect available 20.00
            """),
        Story(
            "a released hold pays a debt first",
            """
            account receivable -30.00
            account hold 92.34
            event hold_released posted 92.34 from hold
            transfer hold receivable 30.00
            transfer hold available 62.34
            """),
        Story(
            "a rail settles a part, and keeps nothing",
            """
            account rail_receivable -100.00
            event settled posted 60.00
            transfer bank rail_receivable 60.00
            expect rail_receivable -40.00
            """),
    ]
}
