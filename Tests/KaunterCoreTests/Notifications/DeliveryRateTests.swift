import Testing

@testable import KaunterCore

@Suite("An endpoint's rate")
struct DeliveryRateTests {
    private static let second: Int64 = 1_000_000

    /// Who always claims as much and as early as may be, for so many seconds.
    private static func greedy(_ rate: DeliveryRate, seconds: Int64) -> [(at: Int64, count: Int64)]
    {
        var claims: [(at: Int64, count: Int64)] = []
        var now = Moment(microseconds: 0)
        guard let most = rate.claimAtMost else { return [] }
        while now.microseconds < seconds * second {
            claims.append((now.microseconds, most))
            now = rate.opens(after: most, at: now)
        }
        return claims
    }

    @Test("no second of any rate has more than the rate says, and few have much less")
    func bound() {
        for number in DeliveryRate.range {
            let claims = Self.greedy(.perSecond(number), seconds: 3)
            for (index, first) in claims.enumerated() {
                var within: Int64 = 0
                for claim in claims[index...] where claim.at < first.at + Self.second {
                    within += claim.count
                }
                #expect(within <= number)
            }
            let all = claims.reduce(0) { $0 + $1.count }
            #expect(all * 100 >= number * 3 * 90, "\(number) a second let out \(all) in three")
        }
    }

    @Test("claims of fewer than may be never come to more either")
    func uneven() {
        for number: Int64 in [1, 2, 39, 40, 97, 250, 999, 1000] {
            let rate = DeliveryRate.perSecond(number)
            guard let most = rate.claimAtMost else { continue }
            var claims: [(at: Int64, count: Int64)] = []
            var now = Moment(microseconds: 0)
            var step: Int64 = 1
            while now.microseconds < 5 * Self.second {
                step = (step * 31 + 7) % 101
                let count = 1 + step % most
                claims.append((now.microseconds, count))
                now = rate.opens(after: count, at: now)
            }
            for (index, first) in claims.enumerated() {
                var within: Int64 = 0
                for claim in claims[index...] where claim.at < first.at + Self.second {
                    within += claim.count
                }
                #expect(within <= number)
            }
        }
    }

    @Test("a pause is never longer than a second, whatever was claimed under another rate")
    func pauses() {
        let now = Moment(microseconds: 5)
        #expect(DeliveryRate.perSecond(1).opens(after: 1, at: now) == now.adding(seconds: 1))
        #expect(DeliveryRate.perSecond(1).opens(after: 50, at: now) == now.adding(seconds: 1))
        #expect(DeliveryRate.perSecond(1).opens(after: .max, at: now) == now.adding(seconds: 1))
        #expect(DeliveryRate.perSecond(10).opens(after: 1, at: now).microseconds == 100_005)
        #expect(DeliveryRate.perSecond(10).opens(after: -1, at: now) == now)
        #expect(DeliveryRate.unlimited.opens(after: 50, at: now) == now)
    }

    @Test("what is out of range is no rate")
    func numbers() {
        for number: Int64? in [nil, 0, -1, 1001, .max] {
            #expect(DeliveryRate(number) == .unlimited)
        }
        #expect(DeliveryRate(1) == .perSecond(1))
        #expect(DeliveryRate(1000).number == 1000)
    }
}
