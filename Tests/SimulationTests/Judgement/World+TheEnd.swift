import KaunterDatabase

extension World {
    /// Writes what became of everything into the chronicle, so that two runs of a seed are compared
    /// in what they stored, too.
    func noteTheEnd() {
        for row in store.rows(
            """
            SELECT 'payment ' || id || ' ' || uuid || ' ' || status || ' ' || received_sen || ' '
                   || coalesce(final_at, 0) AS line FROM payments
            UNION ALL SELECT 'attempt ' || id || ' ' || reference || ' ' || state FROM attempts
            UNION ALL SELECT 'receipt ' || id || ' ' || rail_transaction || ' ' || amount_minor
                FROM receipts
            UNION ALL SELECT 'suspense ' || id || ' ' || reason || ' ' || amount_minor FROM suspense
            UNION ALL SELECT 'payout ' || id || ' ' || reference || ' ' || status || ' '
                || amount_sen || ' ' || fee_sen || ' ' || coalesce(returned_at, 0) FROM payouts
            UNION ALL SELECT 'entry ' || t.reason || ' ' || e.account_id || ' ' || e.amount_sen
                FROM ledger_entries e JOIN ledger_transfers t ON t.id = e.transfer_id
            UNION ALL SELECT 'hold ' || id || ' ' || amount_sen || ' ' || coalesce(ended_at, 0)
                FROM holds
            UNION ALL SELECT 'delivery ' || id || ' ' || state || ' ' || failures FROM deliveries
            """)
        {
            note(row.word("line"))
        }
    }
}
