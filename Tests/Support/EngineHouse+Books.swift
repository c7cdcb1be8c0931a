package import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage

/// What tests of money do and look at.
extension EngineHouse {
    /// The balances of the house's account.
    package func balances() async throws -> MerchantBalances {
        let id = account.id
        guard let balances = try await engine.reader.read({ try $0.balances(of: id) }) else {
            throw Missing(what: "the balances")
        }
        return balances
    }

    /// The balance of one account of the books, in sen; credits are above zero.
    package func balance(_ account: LedgerAccount) async throws -> Int64 {
        try await engine.reader.read { try $0.balance(of: account) }
    }

    /// What the scripted rail owes us.
    package func railOwes() async throws -> Int64 {
        let name = rail.name
        return try await engine.reader.read { try $0.outstanding(of: name) }
    }

    /// From now on the account's payments by QR have these terms.
    package func setTerms(_ change: (inout Terms) -> Void) async throws {
        var terms = Terms()
        change(&terms)
        let (id, now, changed) = (account.id, clock.now, terms)
        try await storage.write { writing in
            for service in Terms.services {
                try writing.insert(changed, of: id, service: service, at: now)
            }
        }
    }

    /// A paid payment of so many sen, by one receipt of the scripted rail.
    package func paid(_ orderID: String = "order-1", sen: Int64 = 10_000) async throws -> Payment {
        var draft = PaymentOrderDraft.sample(orderID)
        draft.amount = .sen(sen)
        let (payment, attempt) = try await createWithAttempt(draft)
        try await hear("approved", of: attempt, transaction: "T \(orderID)", sen: sen)
        return try await stored(payment.uuid)
    }

    /// What an operator did, for acts that write it down.
    package func act(_ name: String = "test") -> ActRecord {
        ActRecord(
            operatorName: "siti", act: name, subject: "-", detail: "{}", reason: "to see it work")
    }

    /// The sum of all balances of the books, sealed or not: never anything but zero.
    package func imbalance() async throws -> Int64 {
        try await store.database.read { transaction in
            try transaction.rows(
                "SELECT CAST(coalesce(sum(amount_sen), 0) AS BIGINT) AS sen FROM ledger_entries"
            ).first?.integer("sen") ?? 0
        }
    }
}
