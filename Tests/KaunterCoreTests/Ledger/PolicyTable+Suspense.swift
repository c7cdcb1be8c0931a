// Money that does not fit: over, double, late, or only claimed.

extension PolicyTable {
    static let suspense = [
        Story(
            "5.00 too much lie beside what was asked for",
            """
            event payment_paid posted 100.00
            transfer rail_receivable available 100.00
            event suspended posted 5.00
            transfer rail_receivable suspense 5.00
            expect rail_receivable -105.00
            expect suspense 5.00
            """),
        Story(
            "5.00 twice or too late are nobody's",
            """
            event suspended posted 5.00
            transfer rail_receivable suspense 5.00
            expect available 0.00
            """),
        Story(
            "a claim is pending, and void when it proves to be other money",
            """
            event suspended pending 5.00
            transfer rail_receivable suspense 5.00
            event suspense_released voided 5.00
            transfer suspense rail_receivable 5.00
            expect suspense 0.00
            expect rail_receivable 0.00
            """),
        Story(
            "a claim that an operator holds for money is void, and is money",
            """
            event suspended pending 5.00
            transfer rail_receivable suspense 5.00
            event suspense_confirmed posted 5.00
            transfer suspense rail_receivable 5.00
            transfer rail_receivable suspense 5.00
            expect suspense 5.00
            expect rail_receivable -5.00
            """),
        Story(
            "what is assigned is shared out as any payment",
            """
            terms fee 2.5 plus 0.30 reserve 5 hold 2 tax 6
            account suspense 100.00
            event suspense_assigned posted 100.00
            transfer suspense rolling_reserve 4.86
            transfer suspense hold 92.34
            transfer suspense fees 2.64
            transfer suspense tax_payable 0.16
            expect suspense 0.00
            """),
        Story(
            "what is assigned pays a debt first",
            """
            account suspense 5.00
            account receivable -3.00
            event suspense_assigned posted 5.00
            transfer suspense receivable 3.00
            transfer suspense available 2.00
            """),
        Story(
            "suspense goes back",
            """
            account suspense 5.00
            event return_reserved pending 5.00
            transfer suspense refund_clearing 5.00
            expect suspense 0.00
            event return_paid posted 5.00
            transfer refund_clearing bank 5.00
            expect bank 5.00
            expect refund_clearing 0.00
            """),
        Story(
            "suspense that can't go back is suspense again",
            """
            account suspense 5.00
            account receivable -3.00
            event return_reserved pending 5.00
            transfer suspense refund_clearing 5.00
            event return_voided voided 5.00
            transfer refund_clearing suspense 5.00
            expect suspense 5.00
            expect receivable -3.00
            """),
        Story(
            "suspense that went back and came back is suspense again",
            """
            account suspense 5.00
            event return_reserved pending 5.00
            transfer suspense refund_clearing 5.00
            event return_paid posted 5.00
            transfer refund_clearing bank 5.00
            event payout_returned posted 5.00 of return
            transfer bank suspense 5.00
            expect suspense 5.00
            expect bank 0.00
            """),
    ]
}
