import KaunterCore
import TestSupport

/// The calendar of the simulated banks, worked out once more: day by day, without the house's own.
enum SettlementDays {
    /// Days of a life, and some more.
    private static let days = (-1...400).map { ManualClock.start.malaysianDay.number + Int64($0) }

    /// Whether banks work: 1970-01-01 was a Thursday.
    static func isOpen(_ day: Int64) -> Bool {
        let weekday = (day + 4) % 7  // 0 is Sunday.
        return weekday != 0 && weekday != 6
            && !World.holidays.contains(MalaysianDay(number: day))
    }

    /// The day on which so many days of work after `day` are done.
    static func day(_ count: Int64, after day: Int64) -> Int64 {
        var (day, left) = (day, count)
        while left > 0 {
            day += 1
            if isOpen(day) { left -= 1 }
        }
        return day
    }

    /// For each day the latest one whose money a rail that is not late has settled by then: it has
    /// time until the end of the next day of work.
    static let latestDue: [(day: Int64, due: Int64)] = days.map { today in
        var due = today - 1
        while day(1, after: due) >= today { due -= 1 }
        return (today, due)
    }
}
