/// How many deliveries a second an endpoint takes.
///
/// A rate of N lets no more than N deliveries begin in any second, on all nodes together, as far as
/// the nodes' clocks agree. It is kept by claims of a few at a time with pauses between them, so
/// that a backlog comes as an even stream: up to 39 a second one by one, above that a twentieth of
/// a second's worth at a time. For that bound the pauses are a little longer than the share of a
/// second, and what goes out of a backlog is up to a twentieth less than N, and less again by what
/// each claim takes.
package enum DeliveryRate: Sendable, Equatable {
    case unlimited
    /// Within `range`.
    case perSecond(Int64)

    /// What an operator may ask for, a second.
    package static let range: ClosedRange<Int64> = 1...1000
    /// The word for no limit.
    package static let unlimitedWord = "none"
    /// Claims a second of an endpoint with a great rate.
    private static let claimsPerSecond: Int64 = 20
    private static let secondMicroseconds: Int64 = 1_000_000

    /// A number within `range`; nil is no limit, and so is a number that is none of these.
    package init(_ number: Int64?) {
        guard let number, Self.range.contains(number) else {
            self = .unlimited
            return
        }
        self = .perSecond(number)
    }

    /// Deliveries a second; nil where there is no limit.
    package var number: Int64? {
        if case .perSecond(let number) = self { number } else { nil }
    }

    /// Deliveries in one claim; nil where there is no limit.
    package var claimAtMost: Int64? {
        number.map { max(1, $0 / Self.claimsPerSecond) }
    }

    /// When the next claim may follow one of `claimed` deliveries; never more than a second later,
    /// however the rate was changed meanwhile.
    ///
    /// In any second there is a last claim, of `claimAtMost` at most, and before it those whose
    /// pauses fit into a second: fewer than `number - claimAtMost + 1` deliveries.
    package func opens(after claimed: Int64, at moment: Moment) -> Moment {
        guard let number, let claimAtMost else { return moment }
        let paused = number - claimAtMost + 1
        let (product, overflow) = max(0, claimed).multipliedReportingOverflow(
            by: Self.secondMicroseconds)
        let pause = overflow ? Self.secondMicroseconds : (product + paused - 1) / paused
        return Moment(
            microseconds: moment.microseconds + min(pause, Self.secondMicroseconds))
    }
}
