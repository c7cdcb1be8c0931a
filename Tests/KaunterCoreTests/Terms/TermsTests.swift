import KaunterCore
import Testing

@Suite("Terms")
struct TermsTests {
    /// percent in millionths | fixed | min | max (0: none) | amount → fee, all in sen.
    private static let fees: [[Int64]] = [
        [0, 0, 0, 0, 10_000, 0],
        [25_000, 30, 0, 0, 10_000, 280],
        // 2.5 % of 0.20 is half a sen: rounded up, and of 0.19 down.
        [25_000, 0, 0, 0, 20, 1], [25_000, 0, 0, 0, 19, 0],
        [25_000, 30, 500, 0, 10_000, 500],
        [25_000, 30, 0, 200, 10_000, 200],
        // The most wins over the least, and the amount over both.
        [0, 0, 500, 300, 10_000, 300], [0, 0, 500, 0, 120, 120],
        [1_000_000, 1, 0, 0, 777, 777],
        [1_000_000, 0, 0, 0, 99_999_999_999, 99_999_999_999],
        [333_333, 0, 0, 0, 99_999_999_999, 33_333_300_000],
    ]

    @Test("a fee is percentage and fixed part, within its bounds and the amount", arguments: fees)
    func fee(_ row: [Int64]) {
        var terms = Terms()
        terms.feePercent = Percentage(clamping: row[0])
        terms.feeFixed = .sen(row[1])
        terms.feeMin = .sen(row[2])
        terms.feeMax = row[3] == 0 ? nil : .sen(row[3])
        #expect(terms.fee(of: .sen(row[4])) == .sen(row[5]))
    }

    @Test("the shares of every sum add up to it")
    func shares() {
        var terms = Terms()
        terms.feePercent = Percentage(clamping: 29_999)
        terms.feeFixed = .sen(7)
        terms.reservePercent = Percentage(clamping: 51_111)
        terms.reserveDays = 30
        for sen in 1...5_000 as ClosedRange<Int64> {
            let shares = terms.shares(of: .sen(sen))
            #expect(shares.fee + shares.reserve + shares.rest == .sen(sen))
            #expect(min(shares.fee, shares.reserve, shares.rest) >= .zero)
        }
    }

    @Test("a fee's shares of all parts add up to the fee, whatever the parts")
    func feeShares() {
        for parts in [[1, 2, 9_997], [3_333, 3_333, 3_334], [10_000]] as [[Int64]] {
            var (before, given) = (Money.zero, Money.zero)
            for part in parts {
                let after = before + .sen(part)
                let whole = Terms.share(of: .sen(281), for: after, of: .sen(10_000))
                given = given + whole - Terms.share(of: .sen(281), for: before, of: .sen(10_000))
                before = after
            }
            #expect(given == .sen(281))
        }
    }

    @Test("business days leave out weekends and holidays")
    func businessDays() throws {
        let holiday = try #require(MalaysianDay("2026-11-26"))
        let calendar = BusinessCalendar(holidays: [holiday])
        // 2026-11-25 is a Wednesday.
        let rows: [(from: String, days: Int64, to: String)] = [
            ("2026-11-25", 0, "2026-11-25"), ("2026-11-25", 1, "2026-11-27"),
            ("2026-11-25", 2, "2026-11-30"), ("2026-11-28", 1, "2026-11-30"),
            ("2026-11-27", 5, "2026-12-04"),
        ]
        for row in rows {
            let from = try #require(MalaysianDay(row.from))
            let to = calendar.adding(businessDays: row.days, to: from.start.adding(seconds: 3_600))
            #expect(to == MalaysianDay(row.to)?.start.adding(seconds: 3_600), "\(row)")
        }
    }
}
