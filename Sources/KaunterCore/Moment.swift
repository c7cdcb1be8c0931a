/// An instant: microseconds since 1970-01-01T00:00:00Z. The only kind of time in this house.
package struct Moment: Sendable, Hashable, Comparable {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package static func < (left: Moment, right: Moment) -> Bool {
        left.microseconds < right.microseconds
    }

    /// This moment moved by a number of seconds, which our own constants and limits bound.
    package func adding(seconds: Int64) -> Moment {
        Moment(microseconds: microseconds + seconds * 1_000_000)
    }

    /// Whole seconds from `earlier` to this moment, rounded up; never negative.
    package func secondsSince(_ earlier: Moment) -> Int64 {
        max(0, (microseconds - earlier.microseconds + 999_999) / 1_000_000)
    }
}

/// A calendar day in Malaysia, counted from 1970-01-01.
package struct MalaysianDay: Sendable, Hashable, Comparable {
    package let number: Int64

    package init(number: Int64) {
        self.number = number
    }

    package static func < (left: MalaysianDay, right: MalaysianDay) -> Bool {
        left.number < right.number
    }

    /// Midnight in Malaysia.
    package var start: Moment {
        Moment(microseconds: (number * 86_400 - 8 * 3600) * 1_000_000)
    }

    /// The day that a "YYYY-MM-DD" names, or nil if it names none (2024-02-30 names none).
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Self.digits(bytes[0..<4]), let month = Self.digits(bytes[5..<7]),
            let day = Self.digits(bytes[8..<10]), (1...12).contains(month), day >= 1
        else { return nil }
        self.number = CivilDate.dayNumber(year: year, month: month, day: day)
        let back = CivilDate(dayNumber: number)
        guard back.year == year, back.month == month, back.day == day else { return nil }
    }

    private static func digits(_ bytes: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return value
    }
}

/// Malaysia keeps UTC+8 all year and has had no summer time since 1982, so its local time needs no
/// table of zones and can be worked out here, in pure functions.
extension Moment {
    private static let offsetSeconds: Int64 = 8 * 3600

    private var localSeconds: Int64 {
        Self.floorDivide(microseconds, 1_000_000) + Self.offsetSeconds
    }

    /// The day of this moment in Malaysia.
    package var malaysianDay: MalaysianDay {
        MalaysianDay(number: Self.floorDivide(localSeconds, 86_400))
    }

    /// "2024-11-07 14:58:59", Malaysia time (contract §1.2, §1.3).
    package var malaysianText: String {
        let date = CivilDate(dayNumber: malaysianDay.number)
        let second = localSeconds - malaysianDay.number * 86_400
        let day = [Self.padded(date.year, 4), Self.padded(date.month, 2), Self.padded(date.day, 2)]
        let time = [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, 2) }
        return "\(day.joined(separator: "-")) \(time.joined(separator: ":"))"
    }

    /// "2024-11-07T06:58:59.000000Z", for logs.
    package var utcText: String {
        let utc = Moment(microseconds: microseconds - Self.offsetSeconds * 1_000_000)
        let text = utc.malaysianText.replacing(" ", with: "T")
        let fraction = microseconds - Self.floorDivide(microseconds, 1_000_000) * 1_000_000
        return "\(text).\(Self.padded(fraction, 6))Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
        let quotient = number / divisor
        return number % divisor < 0 ? quotient - 1 : quotient
    }
}

/// A date of the proleptic Gregorian calendar, and its day number from 1970-01-01. The well-known
/// algorithm counts years from March, so that the leap day is the last day of a year.
struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    init(dayNumber: Int64) {
        let shifted = dayNumber + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    static func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64 {
        let fromMarch = month <= 2 ? year - 1 : year
        let era = (fromMarch >= 0 ? fromMarch : fromMarch - 399) / 400
        let yearOfEra = fromMarch - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
