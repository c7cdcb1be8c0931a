/// The days on which banks settle: Malaysia's federal calendar, Monday to Friday but for holidays.
package struct BusinessCalendar: Sendable, Equatable {
    /// Public holidays, as the operator keeps them: they are proclaimed year by year.
    package let holidays: Set<MalaysianDay>

    /// Days looked at for one business day: far more than any row of holidays.
    private static let daysAtMost: Int64 = 60

    package init(holidays: Set<MalaysianDay>) {
        self.holidays = holidays
    }

    /// Whether banks settle on this day.
    package func isBusinessDay(_ day: MalaysianDay) -> Bool {
        !day.isWeekend && !holidays.contains(day)
    }

    /// The same time of day, `count` business days later; nothing is added for none.
    package func adding(businessDays count: Int64, to moment: Moment) -> Moment {
        var result = moment
        for _ in 0..<max(0, count) {
            for _ in 0..<Self.daysAtMost {
                result = result.adding(days: 1)
                if isBusinessDay(result.malaysianDay) { break }
            }
        }
        return result
    }
}

extension MalaysianDay {
    /// Saturday or Sunday. Day 0 was a Thursday.
    package var isWeekend: Bool {
        let weekday = ((number + 3) % 7 + 7) % 7  // 0 is Monday.
        return weekday >= 5
    }
}

extension Moment {
    /// This moment moved by whole days, which our own limits bound.
    package func adding(days: Int64) -> Moment {
        adding(seconds: days * 86_400)
    }
}
