import ArgumentParser
import KaunterAPI
import KaunterWeb

/// `kaunter merchant`
struct MerchantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merchant", abstract: "Make merchants.", subcommands: [Create.self])

    /// `kaunter merchant create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a merchant with its first account.",
            discussion: """
                Example:
                  kaunter merchant create --name "Kedai Kopi"
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The name that payers see.", valueName: "name"))
        var name: String

        func run() async throws {
            store.show(try await store.perform(.createMerchant, ["name": .string(name)]))
        }
    }
}
