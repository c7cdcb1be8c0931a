import KaunterCore
import Testing

/// The waits of contract §4: 5 s, 30 s, 2 min, 5 min, 15 min, 30 min, 1 h, 2 h, 4 h, 8 h, then
/// every 12 h until 75 h.
@Suite("Sending notifications again")
struct RetryScheduleTests {
    private static let start = Moment(microseconds: 1_700_000_000_123_456)

    /// Seconds before each retry of a receiver that fails at once, whenever it is asked.
    private static func waits(fraction: Double) -> [Double] {
        var waits: [Double] = []
        var now = start
        while let next = RetrySchedule.standard.next(
            afterFailures: waits.count + 1, firstAt: start, now: now, fraction: fraction)
        {
            waits.append(Double(next.microseconds - now.microseconds) / 1_000_000)
            now = next
            if waits.count > 100 { break }
        }
        return waits
    }

    @Test("without jitter the waits are the contract's")
    func plain() {
        #expect(
            Self.waits(fraction: 0) == [
                5, 30, 120, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 43_200, 43_200,
                43_200,
            ])
    }

    @Test("with the most jitter each wait is a tenth longer")
    func jitter() {
        #expect(
            Self.waits(fraction: 1) == [
                5.5, 33, 132, 330, 990, 1980, 3960, 7920, 15_840, 31_680, 47_520, 47_520, 47_520,
                47_520,
            ])
    }

    @Test("nothing is sent more than 75 hours after the event, however long the server slept")
    func end() {
        let last = Self.start.adding(seconds: 75 * 3600)
        func next(_ failures: Int, at now: Moment) -> Moment? {
            RetrySchedule.standard.next(
                afterFailures: failures, firstAt: Self.start, now: now, fraction: 0)
        }
        #expect(next(1, at: last.adding(seconds: -5)) == last)
        #expect(next(1, at: Moment(microseconds: last.microseconds - 4_999_999)) == nil)
        #expect(next(1, at: last.adding(seconds: 1_000_000)) == nil)
        #expect(next(1_000_000, at: Self.start) == Self.start.adding(seconds: 43_200))
    }

    @Test("a fraction outside of 0 to 1 stretches no further", arguments: [-1.0, 2.0, .infinity])
    func wildFraction(fraction: Double) {
        let next = RetrySchedule.standard.next(
            afterFailures: 1, firstAt: Self.start, now: Self.start, fraction: fraction)
        let micros = (next?.microseconds ?? 0) - Self.start.microseconds
        #expect(micros == (fraction < 0 ? 5_000_000 : 5_500_000))
    }
}
