import ArgumentParser
import KaunterAPI
import KaunterServer
import KaunterWeb

/// `kaunter events`
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "See what merchants are, or could be, told of, and how that went.",
        subcommands: [List.self, Show.self, Tail.self, Resend.self])

    /// `kaunter events list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List events, the newest first.",
            discussion: """
                Examples:
                  kaunter events list --account UUID --type payment.paid
                  kaunter events list --from 2026-11-01 --to 2026-11-30 --undelivered
                """)

        @OptionGroup var store: StoreOptions
        @OptionGroup var filter: EventFilterOptions

        @Option(help: ArgumentHelp("How many at most (50).", valueName: "count"))
        var limit: Int64?

        func run() async throws {
            var parameters = filter.parameters
            if let limit { parameters.set("limit", to: .integer(limit)) }
            let answer = try await store.perform(.listEvents, parameters)
            let events = answer["events"]?.arrayValue ?? []
            store.show(
                answer,
                events.isEmpty
                    ? "There are no such events."
                    : events.compactMap(\.objectValue).map(EventLine.text).joined(separator: "\n"))
        }
    }

    /// `kaunter events show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one event, and its deliveries.",
            discussion: """
                Example:
                  kaunter events show evt_17
                """)

        @OptionGroup var store: StoreOptions

        @Argument(help: ArgumentHelp("The event.", valueName: "event"))
        var event: String

        func run() async throws {
            store.show(try await store.perform(.showEvent, ["event": .string(event)]))
        }
    }

    /// `kaunter events tail`
    struct Tail: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print each event as it happens, until it is interrupted.",
            discussion: """
                Starts from now, or after --since; each event is printed once. With --json a line \
                is a JSON value.

                Example:
                  kaunter events tail --account UUID --since evt_17
                """)

        @OptionGroup var store: StoreOptions
        @OptionGroup var filter: EventFilterOptions
        @OptionGroup var following: FollowingOptions

        func run() async throws {
            let follower = EventFollower(
                store: store, parameters: filter.parameters, following: following)
            try await follower.follow { event in EventLine.print(event, asJSON: store.json) }
        }
    }
}

extension EventsCommand {
    /// `kaunter events resend`
    struct Resend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send notifications again: of one event, or of all that fit.",
            discussion: """
                Money and statuses are not touched. What still waits goes out at once; what was \
                delivered or given up is sent once more, to where it is wanted today, and signed \
                as before.

                Examples:
                  kaunter events resend evt_17
                  kaunter events resend --account UUID --from 2026-11-01 --to 2026-11-02
                """)

        @OptionGroup var store: StoreOptions
        @OptionGroup var filter: EventFilterOptions

        @Argument(help: ArgumentHelp("The event.", valueName: "event"))
        var event: String?

        @Option(help: ArgumentHelp("How many events at most (1000).", valueName: "count"))
        var limit: Int64?

        func run() async throws {
            var parameters = filter.parameters
            if let event { parameters.set("event", to: .string(event)) }
            if let limit { parameters.set("limit", to: .integer(limit)) }
            store.show(try await store.perform(.resendEvents, parameters))
        }
    }
}

/// Which events are wanted.
struct EventFilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Of this account alone.", valueName: "uuid"))
    var account: String?

    @Option(help: ArgumentHelp("Of this type alone, such as payment.paid.", valueName: "type"))
    var type: String?

    @Option(help: ArgumentHelp("Of this payment alone.", valueName: "id"))
    var payment: Int64?

    @Option(help: ArgumentHelp("Of this payout alone.", valueName: "id"))
    var payout: Int64?

    @Option(help: ArgumentHelp("The first event.", valueName: "event"))
    var fromEvent: String?

    @Option(help: ArgumentHelp("The last event.", valueName: "event"))
    var toEvent: String?

    @Option(help: ArgumentHelp("The first day, in Malaysia.", valueName: "YYYY-MM-DD"))
    var from: String?

    @Option(help: ArgumentHelp("The last day.", valueName: "YYYY-MM-DD"))
    var to: String?

    @Flag(help: "Only those with a delivery that was not accepted so far.")
    var undelivered = false

    /// The fields of an act.
    var parameters: JSONObject {
        var parameters: JSONObject = [:]
        for (name, value) in [
            ("account", account), ("type", type), ("payment", payment.map(String.init)),
            ("payout", payout.map(String.init)), ("from_event", fromEvent),
            ("to_event", toEvent), ("from", from), ("to", to),
        ] {
            if let value { parameters.set(name, to: .string(value)) }
        }
        if undelivered { parameters.set("undelivered", to: .boolean(true)) }
        return parameters
    }
}

/// An event on one line.
enum EventLine {
    /// Time, name, type, what it is about, and an amount.
    static func text(_ event: JSONObject) -> String {
        func text(_ name: String) -> String? {
            event[name]?.stringValue ?? event[name]?.numberText
        }
        let parts =
            [text("created_at"), text("event"), text("type")]
            + ["payment", "payout"].map { name in text(name).map { "\(name) \($0)" } }
            + [text("amount"), "account \(text("account") ?? "")"]
        return parts.compactMap { $0 }.joined(separator: "  ")
    }

    /// Prints it at once.
    static func print(_ event: JSONObject, asJSON: Bool) {
        Terminal.output(asJSON ? JSONValue.object(event).text : text(event))
    }
}
