// Refunds, with what of the fee goes back, and reversals.

extension PolicyTable {
    static let wayBack = [
        Story(
            "a refund of 40.00, and its share of the fee",
            """
            account available 92.34
            account fees 2.80
            event refund_reserved pending 40.00
            transfer available refund_clearing 40.00
            expect available 52.34
            event refund_paid posted 40.00
            transfer refund_clearing bank 40.00
            event fee_returned posted 1.12
            transfer fees available 1.12
            expect available 53.46
            expect fees 1.68
            """),
        Story(
            "the shares' taxes add up to the fee's",
            """
            account fees 2.65
            account tax_payable 0.16
            event fee_returned posted 0.94 fee 2.81 tax 0.16
            transfer fees available 0.89
            transfer tax_payable available 0.05
            event fee_returned posted 0.93 fee 2.81 tax 0.16 before 0.94
            transfer fees available 0.87
            transfer tax_payable available 0.06
            event fee_returned posted 0.94 fee 2.81 tax 0.16 before 1.87
            transfer fees available 0.89
            transfer tax_payable available 0.05
            expect fees 0.00
            expect tax_payable 0.00
            expect available 2.81
            """),
        Story(
            "a fee's share pays a debt first",
            """
            account fees 2.80
            account receivable -1.00
            event fee_returned posted 1.12
            transfer fees receivable 1.00
            transfer fees available 0.12
            """),
        Story(
            "a refund that is refused goes back",
            """
            account available 40.00
            event refund_reserved pending 40.00
            transfer available refund_clearing 40.00
            event refund_voided voided 40.00
            transfer refund_clearing available 40.00
            expect available 40.00
            expect refund_clearing 0.00
            """),
        Story(
            "a refund that is refused pays a debt first",
            """
            account refund_clearing 40.00
            account receivable -30.00
            event refund_voided voided 40.00
            transfer refund_clearing receivable 30.00
            transfer refund_clearing available 10.00
            """),
        Story(
            "a paid refund that came back is the merchant's again",
            """
            account bank 40.00
            event payout_returned posted 40.00 of refund
            transfer bank available 40.00
            expect bank 0.00
            """),
        Story(
            "a reversal takes what is available, then the hold, and leaves a debt",
            """
            account available 40.00
            account hold 30.00
            event payment_reversed posted 100.00
            transfer available rail_receivable 40.00
            transfer hold rail_receivable 30.00
            transfer receivable rail_receivable 30.00
            expect receivable -30.00
            expect rail_receivable 100.00
            """),
        Story(
            "a reversal takes the reserve before it leaves a debt",
            """
            account available 40.00
            account hold 30.00
            account rolling_reserve 20.00
            event payment_reversed posted 100.00
            transfer available rail_receivable 40.00
            transfer hold rail_receivable 30.00
            transfer rolling_reserve rail_receivable 20.00
            transfer receivable rail_receivable 10.00
            """),
        Story(
            "a reversal stops where it is covered",
            """
            account available 40.00
            account hold 30.00
            account rolling_reserve 20.00
            event payment_reversed posted 60.00
            transfer available rail_receivable 40.00
            transfer hold rail_receivable 20.00
            expect hold 10.00
            expect rolling_reserve 20.00
            expect receivable 0.00
            """),
        Story(
            "a reversal makes a debt greater",
            """
            account receivable -30.00
            event payment_reversed posted 100.00
            transfer receivable rail_receivable 100.00
            expect receivable -130.00
            """),
    ]
}
