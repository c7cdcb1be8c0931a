import KaunterCore
import Testing

@Suite("Money")
struct MoneyTests {
    @Test("sums, differences and order are those of the sen")
    func arithmetic() {
        #expect(Money.sen(1_50) + .sen(50) == .sen(2_00))
        #expect(Money.sen(1_50) - .sen(2_00) == .sen(-50))
        #expect(Money.sen(-1) < .zero)
        #expect(Money.sen(100) <= .sen(100))
        #expect(Money.zero.currency == .myr)
    }

    @Test("the only currency is the ringgit, by its ISO name")
    func currencies() {
        #expect(Currency.allCases.map(\.rawValue) == ["MYR"])
    }
}
