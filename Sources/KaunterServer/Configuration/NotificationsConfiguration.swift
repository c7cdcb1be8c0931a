import KaunterAPI
package import KaunterCore

/// How notifications are sent again, and how long it is kept what was sent.
package struct NotificationsConfiguration: Sendable, Equatable {
    package var schedule = RetrySchedule.standard
    /// Days for which each try is kept.
    package var triesKeptDays = 30

    static let retriesAtMost = 50
    static let secondsRange = 1...604_800
    static let giveUpHoursRange = 1...2_160
    static let daysRange = 1...3_650

    mutating func read(_ reader: inout SectionReader) {
        let first = reader.integers("retry_seconds", within: Self.secondsRange)
        if let first {
            if (1...Self.retriesAtMost).contains(first.count) {
                schedule.firstSeconds = first.map(Int64.init)
            } else {
                reader.refuse("retry_seconds", "must have 1 to \(Self.retriesAtMost) numbers")
            }
        }
        schedule.thenSeconds = Int64(
            reader.integer(
                "retry_then_seconds", Int(schedule.thenSeconds), within: Self.secondsRange))
        schedule.giveUpSeconds =
            3600
            * Int64(
                reader.integer(
                    "give_up_hours", Int(schedule.giveUpSeconds / 3600),
                    within: Self.giveUpHoursRange))
        triesKeptDays = reader.integer("tries_kept_days", triesKeptDays, within: Self.daysRange)
    }

    static let example = JSONValue.object(
        JSONObject(
            members: setting(
                "retry_seconds",
                .array(RetrySchedule.standard.firstSeconds.map { .integer($0) }),
                "Seconds before each time that a notification which was not accepted is sent "
                    + "again.")
                + setting(
                    "retry_then_seconds", .integer(RetrySchedule.standard.thenSeconds),
                    "Seconds before each further time.")
                + setting(
                    "give_up_hours", .integer(RetrySchedule.standard.giveUpSeconds / 3600),
                    "Hours after the event from which it is not sent again, if its receiver takes "
                        + "others. What waits for a receiver that takes nothing is kept.")
                + setting(
                    "tries_kept_days", 30,
                    "Days for which it is kept what was sent and answered.")))
}
