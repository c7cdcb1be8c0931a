// Payouts: reserved with their fee, then paid, void, or paid and returned.

extension PolicyTable {
    static let payouts = [
        Story(
            "a payout is paid",
            """
            account available 92.34
            event payout_reserved pending 40.00 fee 0.50
            transfer available payouts_reserved 40.50
            expect available 51.84
            event payout_paid posted 40.00 fee 0.50
            transfer payouts_reserved bank 40.00
            transfer payouts_reserved fees 0.50
            expect payouts_reserved 0.00
            expect bank 40.00
            """),
        Story(
            "a payout's fee includes its tax",
            """
            terms tax 6
            account payouts_reserved 40.50
            event payout_paid posted 40.00 fee 0.50
            transfer payouts_reserved bank 40.00
            transfer payouts_reserved fees 0.47
            transfer payouts_reserved tax_payable 0.03
            """),
        Story(
            "a payout that is refused or given up goes back with its fee",
            """
            account available 40.50
            event payout_reserved pending 40.00 fee 0.50
            transfer available payouts_reserved 40.50
            event payout_voided voided 40.00 fee 0.50
            transfer payouts_reserved available 40.50
            expect available 40.50
            """),
        Story(
            "a payout that comes to nothing pays a debt first",
            """
            account payouts_reserved 40.50
            account receivable -30.00
            event payout_voided voided 40.00 fee 0.50
            transfer payouts_reserved receivable 30.00
            transfer payouts_reserved available 10.50
            """),
        Story(
            "a paid payout that came back leaves its fee",
            """
            account bank 40.00
            account fees 0.50
            event payout_returned posted 40.00 fee 0.50 of payout
            transfer bank available 40.00
            expect fees 0.50
            expect bank 0.00
            """),
        Story(
            "a payout that came back pays a debt first",
            """
            account bank 40.00
            account receivable -30.00
            event payout_returned posted 40.00 of payout
            transfer bank receivable 30.00
            transfer bank available 10.00
            """),
    ]
}
