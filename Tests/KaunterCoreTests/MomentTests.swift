import Foundation
import KaunterCore
import Testing

@Suite("Moments and Malaysian days")
struct MomentTests {
    @Test("every day from 1970 to 2400 is the one that Foundation's calendar names")
    func calendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 8 * 3600))
        for day: Int64 in 0..<157_420 {
            // The time of day wanders through all hours.
            let second = day * 86_400 + day * 3671 % 86_400
            let moment = Moment(microseconds: second * 1_000_000 + 999_999)
            let parts = calendar.dateComponents(
                [.year, .month, .day, .hour, .minute, .second],
                from: Date(timeIntervalSince1970: Double(second)))
            let day = Self.text([(parts.year, 4), (parts.month, 2), (parts.day, 2)], "-")
            let time = Self.text([(parts.hour, 2), (parts.minute, 2), (parts.second, 2)], ":")
            try #require(moment.malaysianText == "\(day) \(time)")
            try #require(MalaysianDay(day) == moment.malaysianDay)
        }
    }

    private static func text(_ parts: [(number: Int?, width: Int)], _ separator: String) -> String {
        parts.map { part in
            let digits = String(part.number ?? -1)
            return String(repeating: "0", count: max(0, part.width - digits.count)) + digits
        }.joined(separator: separator)
    }

    @Test(
        "known moments have known texts",
        arguments: [
            (0, "1970-01-01 08:00:00"), (-1, "1970-01-01 07:59:59"),
            (1_730_962_739_000_000, "2024-11-07 14:58:59"),
            (1_730_962_739_999_999, "2024-11-07 14:58:59"),
            (1_709_135_999_999_999, "2024-02-28 23:59:59"),
            (1_709_136_000_000_000, "2024-02-29 00:00:00"),
            (-62_167_248_000_000_000, "0000-01-01 00:00:00"),
        ] as [(Int64, String)])
    func texts(microseconds: Int64, text: String) {
        #expect(Moment(microseconds: microseconds).malaysianText == text)
    }

    @Test("a Malaysian day begins at 16:00 UTC, before 1970 too")
    func dayBorders() {
        let border = Moment(microseconds: 16 * 3_600_000_000)
        #expect(border.malaysianDay.number == 1)
        #expect(Moment(microseconds: border.microseconds - 1).malaysianDay.number == 0)
        #expect(Moment(microseconds: -8 * 3_600_000_000).malaysianDay.number == 0)
        #expect(Moment(microseconds: -8 * 3_600_000_000 - 1).malaysianDay.number == -1)
    }

    @Test("days go from text to number")
    func days() throws {
        let numbers = [
            "1970-01-01": 0, "1969-12-31": -1, "2000-03-01": 11_017, "2400-02-29": 157_113,
        ]
        for (text, number) in numbers {
            #expect(MalaysianDay(text)?.number == Int64(number), "\(text)")
        }
        let first = try #require(MalaysianDay("2024-12-31"))
        let second = try #require(MalaysianDay("2025-01-01"))
        #expect(first < second)
        #expect(second.number - first.number == 1)
    }

    @Test(
        "what names no day is none",
        arguments: [
            "", "2024", "2024-02-30", "2023-02-29", "2100-02-29", "1900-02-29", "2024-04-31",
            "2024-13-01", "2024-00-01", "2024-01-00", "2024-01-32", "2024-1-1", "24-01-01",
            "2024/01/01", "20240101", "2024-01-01 ", " 2024-01-01", "2024-01-01T00", "+024-01-01",
            "-024-01-01", "2024-0１-1", "２０２４-01-01", "2024-01-0a", "2024–01–01", "99999-01-01",
            "2024-01-01\u{0}", "\u{0}024-01-01",
        ])
    func noDays(text: String) {
        #expect(MalaysianDay(text) == nil)
    }

    @Test("seconds between moments are rounded up and never negative")
    func seconds() {
        let start = Moment(microseconds: 5)
        #expect(start.secondsSince(start) == 0)
        #expect(Moment(microseconds: 6).secondsSince(start) == 1)
        #expect(Moment(microseconds: 1_000_005).secondsSince(start) == 1)
        #expect(Moment(microseconds: 1_000_006).secondsSince(start) == 2)
        #expect(start.secondsSince(Moment(microseconds: 9_000_000)) == 0)
        #expect(start.adding(seconds: -2).microseconds == -1_999_995)
    }
}
