import KaunterCore
import KaunterDatabase
import KaunterEngine

// The rails pay what they took in, some days later, and an operator books it from the bank's
// statement.

extension World {
    /// Keeps looking at the statement of a rail until everything that it took in has come.
    func keepSettling(_ rail: String) {
        books.lastMoveAt[rail] = now
        guard books.settling.insert(rail).inserted else { return }
        let late = chance.within(0...weather.settlementDelayDays) * 86_400_000
        plan(in: late + chance.within(60_000_000...120_000_000)) { world in
            await world.settle(rail)
        }
    }

    private func settle(_ rail: String) async {
        let due = unsettled(of: rail, before: now.malaysianDay)
        if due > 0 {
            let sen = chance.happens(perMille: 850) ? due : max(1, due / 2)
            let cost = chance.pick([0, 0, sen / 200])
            let reference = "S\(books.acts.count)"
            await operate("settle", on: rail, sen: sen) { engine, record in
                try await engine.settle(
                    rail: rail, amount: .sen(sen), cost: .sen(cost), reference: reference,
                    act: record)
            }
        }
        let quietAt = books.lastMoveAt[rail]?.adding(seconds: 4 * 86_400) ?? now
        guard now < quietAt || unsettled(of: rail, before: nil) > 0 else {
            books.settling.remove(rail)
            return
        }
        plan(in: 40_000_000...90_000_000) { world in await world.settle(rail) }
    }

    /// What a rail took in before a day and has not paid, as its statements say: what is only
    /// claimed is on none.
    private func unsettled(of rail: String, before day: MalaysianDay?) -> Int64 {
        store.rows(
            """
            SELECT -coalesce(sum(CASE WHEN e.amount_sen > 0 OR t.day < \(day?.number ?? .max)
                                      THEN e.amount_sen ELSE 0 END), 0) AS sen
            FROM ledger_entries e JOIN ledger_transfers t ON t.id = e.transfer_id
            JOIN ledger_accounts a ON a.id = e.account_id
            WHERE a.code = 'rail_receivable' AND a.owner = \("rail " + rail)
              AND t.reason NOT IN ('suspended', 'suspense_released')
              OR a.code = 'rail_receivable' AND a.owner = \("rail " + rail)
              AND t.reason = 'suspended' AND t.phase = 'posted'
            """
        ).first?.number("sen") ?? 0
    }
}
