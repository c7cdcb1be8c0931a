import Foundation
import KaunterCore
import Testing

@Suite("The books' rules")
struct LedgerTests {
    private static let account = MerchantAccount.ID(rawValue: UUID())

    @Test("a transfer that doesn't sum to zero, moves nothing or overflows can't be made")
    func unbalanced() throws {
        let make = { (sums: [(LedgerAccount, Int64)]) throws(Transfer.Fault) in
            try Transfer(
                .adjusted, cause: 1, subject: nil, sums.map { Posting($0.0, $0.1) })
        }
        #expect(throws: Transfer.Fault.unbalanced) { try make([(.bank, 1), (.fees, -2)]) }
        #expect(throws: Transfer.Fault.empty) { try make([(.bank, 0), (.fees, 0)]) }
        #expect(throws: Transfer.Fault.empty) { try make([]) }
        #expect(throws: Transfer.Fault.empty) { try make([(.bank, 5), (.bank, -5)]) }
        #expect(throws: Transfer.Fault.overflow) { try make([(.bank, .max), (.fees, 1)]) }
        #expect(throws: Transfer.Fault.overflow) { try make([(.bank, .min), (.bank, -1)]) }
        let made = try make([(.bank, -7), (.fees, 3), (.suspense, 0), (.fees, 4)])
        #expect(made.postings == [Posting(.bank, -7), Posting(.fees, 7)])
    }

    /// available hold reserve receivable | taken → available hold reserve receivable
    private static let cascades: [[Int64]] = [
        [100, 50, 20, 0, 60, -60, 0, 0, 0], [100, 50, 20, 0, 100, -100, 0, 0, 0],
        [100, 50, 20, 0, 130, -100, -30, 0, 0], [100, 50, 20, 0, 160, -100, -50, -10, 0],
        [100, 50, 20, 0, 175, -100, -50, -20, -5], [0, 0, 0, -9, 5, 0, 0, 0, -5],
    ]

    @Test(
        "what is taken back comes from available, hold, reserve, then a debt", arguments: cascades)
    func cascade(_ row: [Int64]) {
        let balances = MerchantBalances(
            available: row[0], hold: row[1], rollingReserve: row[2], receivable: row[3])
        let taken = balances.debiting(row[4], of: Self.account)
        #expect(taken.map(\.sen) == Array(row[5...]))
        #expect(
            taken.map(\.account.code) == [.available, .hold, .rollingReserve, .receivable])
    }

    @Test("what comes in settles a debt first")
    func recovery() {
        let owing = MerchantBalances(receivable: -30)
        #expect(owing.crediting(20, of: Self.account).map(\.sen) == [20, 0])
        #expect(owing.crediting(50, of: Self.account).map(\.sen) == [30, 20])
        #expect(MerchantBalances().crediting(50, of: Self.account).map(\.sen) == [0, 50])
    }

    @Test("the tax is a part of the fee")
    func tax() {
        // Of 1.08 with 8 % included, 0.08.
        #expect(AccountingPolicy.tax(in: 108, rate: Percentage(clamping: 80_000)) == 8)
        #expect(AccountingPolicy.tax(in: 108, rate: .zero) == 0)
        #expect(AccountingPolicy.tax(in: 0, rate: Percentage(clamping: 80_000)) == 0)
    }
}
