import ArgumentParser
import KaunterAPI
import KaunterWeb

/// `kaunter receivers`
struct ReceiversCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receivers",
        abstract: "See which receivers of notifications fail, and pause or resume them.",
        subcommands: [List.self, Pause.self, Resume.self])

    /// `kaunter receivers list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List receivers that fail, are paused or disabled.",
            discussion: """
                A failing receiver is asked by one delivery at a time; once it accepts one, all \
                that wait go out. After 120 hours, or at once by answering 410, it is disabled: \
                what waits is kept.

                Example:
                  kaunter receivers list --account UUID
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("Of this account alone.", valueName: "uuid"))
        var account: String?

        func run() async throws {
            var parameters: JSONObject = [:]
            if let account { parameters.set("account", to: .string(account)) }
            store.show(try await store.perform(.listReceivers, parameters))
        }
    }

    /// `kaunter receivers pause`
    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a receiver nothing, until it is resumed.",
            discussion: """
                Example:
                  kaunter receivers pause "endpoint 7"
                """)

        @OptionGroup var receiver: ReceiverOptions

        func run() async throws {
            try await receiver.show(.pauseReceiver)
        }
    }

    /// `kaunter receivers resume`
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a receiver everything that waits for it.",
            discussion: """
                Example:
                  kaunter receivers resume "endpoint 7"
                """)

        @OptionGroup var receiver: ReceiverOptions

        func run() async throws {
            try await receiver.show(.resumeReceiver)
        }
    }
}

/// A command about one receiver.
struct ReceiverOptions: ParsableArguments {
    @OptionGroup var store: StoreOptions

    @Argument(
        help: ArgumentHelp("The receiver, as `receivers list` names it.", valueName: "receiver"))
    var receiver: String

    /// Has an act done, and prints its answer.
    func show(_ act: ControlAct) async throws {
        store.show(try await store.perform(act, ["receiver": .string(receiver)]))
    }
}
