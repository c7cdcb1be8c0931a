import ArgumentParser
import KaunterAPI
import KaunterWeb

/// `kaunter suspense`
struct SuspenseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspense", abstract: "See and decide money that belongs to nobody yet.",
        subcommands: [List.self, Show.self, Assign.self, Return.self])

    /// `kaunter suspense list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List money that nobody has decided about yet, oldest first.",
            discussion: """
                Example:
                  kaunter suspense list --json
                """)

        @OptionGroup var store: StoreOptions

        func run() async throws {
            store.show(try await store.perform(.listSuspense, [:]))
        }
    }

    /// `kaunter suspense show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one entry of suspense, decided or not.",
            discussion: """
                Example:
                  kaunter suspense show --entry 7
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The entry.", valueName: "id"))
        var entry: Int64

        func run() async throws {
            store.show(try await store.perform(.showSuspense, ["entry": .integer(entry)]))
        }
    }

    /// `kaunter suspense assign`
    struct Assign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a paid payment of an entry's money, with a notification of its own.",
            discussion: """
                The payment that it was meant for keeps its status.

                Examples:
                  kaunter suspense assign --entry 7 --reason "late, and wanted"
                  kaunter suspense assign --entry 8 --payment 100000001 --order-id 1042-again \\
                      --reason "paid twice, and both wanted"
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The entry.", valueName: "id"))
        var entry: Int64

        @Option(
            help: ArgumentHelp(
                "Whose money it is, where the entry names no payment.", valueName: "id"))
        var payment: Int64?

        @Option(
            help: ArgumentHelp(
                "Its order_id, where the first one's is taken.", valueName: "text"))
        var orderID: String?

        @OptionGroup var act: ActOptions

        func run() async throws {
            let parameters = act.parameters(
                ["entry": .integer(entry)],
                [("payment", payment.map(String.init)), ("order_id", orderID)])
            store.show(try await store.perform(.assignSuspense, parameters))
        }
    }

    /// `kaunter suspense return`
    struct Return: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send an entry's money back to the bank account that the rail named.",
            discussion: """
                Example:
                  kaunter suspense return --entry 7 --reason "nobody wants it"
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The entry.", valueName: "id"))
        var entry: Int64

        @Option(
            help: ArgumentHelp(
                "On whose account it is written, where the entry names no payment.",
                valueName: "uuid"))
        var account: String?

        @OptionGroup var act: ActOptions

        func run() async throws {
            let parameters = act.parameters(
                ["entry": .integer(entry)], [("account", account)])
            store.show(try await store.perform(.returnSuspense, parameters))
        }
    }
}
