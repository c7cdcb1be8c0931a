import ArgumentParser
import KaunterAPI
import KaunterServer
import KaunterWeb

/// `kaunter clock`
struct ClockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock", abstract: "Show or advance a sandbox's clock.",
        subcommands: [Show.self, Advance.self])

    /// `kaunter clock show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what time it is in the sandbox.",
            discussion: """
                Example:
                  kaunter clock show
                """)

        @OptionGroup var store: StoreOptions

        func run() async throws {
            store.show(try await store.perform(.showClock, [:]))
        }
    }

    /// `kaunter clock advance`
    struct Advance: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Move a sandbox's clock ahead, and say what became due.",
            discussion: """
                Payments run out, notifications are tried again, holds are released and rails are \
                asked, as if the time had passed; a server that runs does it at once. The clock \
                never goes back, and a live store refuses.

                Examples:
                  kaunter clock advance 2h
                  kaunter clock advance 1d12h
                """)

        @OptionGroup var store: StoreOptions

        @Argument(help: ArgumentHelp("How far: 90s, 15m, 2h, 3d, 1d12h.", valueName: "time"))
        var time: TimeSpan

        func run() async throws {
            let answer = try await store.perform(
                .advanceClock, ["seconds": .integer(time.seconds)])
            let due = answer["became_due"]?.objectValue ?? [:]
            let words = due.members.filter { $0.value != .integer(0) }
                .map { "\($0.value.text) \($0.key)" }
            let clock = JSONObject(
                members: answer.members.filter { $0.key != "became_due" }
                    .map { ($0.key, $0.value) })
            store.show(
                answer,
                Table.text(of: clock) + "\nBecame due: "
                    + (words.isEmpty ? "nothing." : "\(words.joined(separator: ", "))."))
        }
    }
}

/// A span of time as people write it: numbers, each with a letter of `d`, `h`, `m`, `s`.
struct TimeSpan: ExpressibleByArgument {
    let seconds: Int64

    /// Seconds of each letter; the larger ones stand first.
    private static let units: [Character: Int64] = ["d": 86_400, "h": 3_600, "m": 60, "s": 1]
    /// Digits of one number: far beyond any span that is taken, and far from any overflow.
    private static let digitsAtMost = 9

    init?(argument: String) {
        var sum: Int64 = 0
        var digits = ""
        for letter in argument {
            if letter.isASCII, letter.isNumber {
                digits.append(letter)
                guard digits.count <= Self.digitsAtMost else { return nil }
                continue
            }
            guard let unit = Self.units[letter], let number = Int64(digits) else { return nil }
            // Thousands of parts in one word are no overflow either.
            let (next, isTooMuch) = sum.addingReportingOverflow(number * unit)
            guard !isTooMuch else { return nil }
            sum = next
            digits = ""
        }
        guard digits.isEmpty, sum > 0 else { return nil }
        seconds = sum
    }
}
