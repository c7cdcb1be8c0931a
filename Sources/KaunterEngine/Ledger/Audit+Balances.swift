import KaunterCore
import KaunterStorage

/// Balances, recomputed from entries.
extension Audit {
    mutating func checkBalances() throws {
        try forEachPage(of: .accounts, rows: Self.pageAccounts) { audit, page in
            audit.report.checked.accounts += page.count
            let accounts = try audit.reading.keptAccounts(page)
            let sums = try audit.sums(of: page, accounts)
            for account in accounts {
                audit.check(account, sums[account.id] ?? AccountSums())
            }
            audit.add(
                try audit.reading.unexplainedBalances(page), .unexplainedBalance, of: "account")
        }
    }

    /// What the entries of one account sum to.
    private struct AccountSums {
        var all: Int64 = 0
        var sealed: Int64 = 0
        /// Of the sealed ones.
        var days: [Int64: KeptAccount.Day] = [:]

        mutating func add(_ entry: CountedEntry) {
            all &+= entry.sen
            guard entry.isSealed else { return }
            sealed &+= entry.sen
            var day = days[entry.day] ?? KeptAccount.Day()
            if entry.sen < 0 { day.debit &+= entry.sen } else { day.credit &+= entry.sen }
            day.entries += 1
            days[entry.day] = day
        }
    }

    private mutating func sums(
        of page: IDRange, _ accounts: [KeptAccount]
    ) throws -> [Int64: AccountSums] {
        let merchants = Set(accounts.filter(\.isMerchants).map(\.id))
        var sums: [Int64: AccountSums] = [:]
        var last: CountedEntry?
        repeat {
            let entries = try reading.countedEntries(
                page, after: last, limit: Self.pageEntries)
            report.checked.entries += Int64(entries.count)
            for entry in entries {
                sums[entry.account, default: AccountSums()].add(entry)
                guard merchants.contains(entry.account) else { continue }
                expect(
                    entry.balance, sums[entry.account]?.all, .runningBalance,
                    "account \(entry.account) at transfer \(entry.transfer)")
            }
            last = entries.count == Self.pageEntries ? entries.last : nil
        } while last != nil
        return sums
    }

    /// A merchant's balance is kept in the commit, that of the house and the rails by the sealer.
    private mutating func check(_ account: KeptAccount, _ sums: AccountSums) {
        let subject = "account \(account.id)"
        totals[account.code, default: 0] &+= sums.all
        expect(account.balance, account.isMerchants ? sums.all : sums.sealed, .balance, subject)
        for day in Set(account.days.keys).union(sums.days.keys).sorted()
        where account.days[day] != sums.days[day] {
            report.add(
                AuditFinding(
                    .daySums, "\(subject) on day \(day)",
                    expected: sums.days[day]?.text, found: account.days[day]?.text))
        }
    }
}

extension KeptAccount {
    fileprivate var isMerchants: Bool {
        AccountCode(rawValue: code).map(AccountCode.merchants.contains) ?? false
    }
}

extension KeptAccount.Day {
    fileprivate var text: String { "\(debit) \(credit) (\(entries))" }
}
