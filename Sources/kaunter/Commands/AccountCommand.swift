import ArgumentParser
import KaunterAPI
import KaunterWeb

/// `kaunter account`
struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Make, list and set accounts.",
        subcommands: [Create.self, List.self, Set.self])

    /// `kaunter account create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make one more account of a merchant.",
            discussion: """
                Example:
                  kaunter account create --merchant 6f9619ff-8b86-4011-b42d-00cf4fc964ff
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The merchant.", valueName: "uuid"))
        var merchant: String

        func run() async throws {
            store.show(try await store.perform(.createAccount, ["merchant": .string(merchant)]))
        }
    }

    /// `kaunter account list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List all accounts.",
            discussion: """
                Example:
                  kaunter account list --json
                """)

        @OptionGroup var store: StoreOptions

        func run() async throws {
            store.show(try await store.perform(.listAccounts, [:]))
        }
    }

    /// `kaunter account set`
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change what an account does; what is not named stays.",
            discussion: """
                Examples:
                  kaunter account set --account UUID --digest sha256
                  kaunter account set --account UUID --partial accept
                  kaunter account set --account UUID --payments off
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The account.", valueName: "uuid"))
        var account: String

        @Option(help: ArgumentHelp("Whether it may create payments.", valueName: "on|off"))
        var payments: String?

        @Option(help: ArgumentHelp("Whether it may create payouts.", valueName: "on|off"))
        var payouts: String?

        @Option(
            help: ArgumentHelp(
                "Whether part of a sum makes a payment paid.", valueName: "accept|refuse"))
        var partial: String?

        @Option(
            help: ArgumentHelp(
                "The digest under notifications and redirects.", valueName: "sha1|sha256"))
        var digest: String?

        @Option(
            help: ArgumentHelp(
                "How browsers go to redirects named by URL.", valueName: "post|get"))
        var redirectMethod: String?

        @Option(
            help: ArgumentHelp(
                "Whether redirects carry a signature only when paid.", valueName: "paid|always"))
        var redirectSign: String?

        func run() async throws {
            var parameters: JSONObject = ["account": .string(account)]
            let changes = [
                ("payments", payments), ("payouts", payouts), ("partial", partial),
                ("digest", digest),
                ("redirect_method", redirectMethod), ("redirect_sign", redirectSign),
            ]
            for (key, value) in changes {
                if let value { parameters.set(key, to: .string(value)) }
            }
            store.show(try await store.perform(.setAccount, parameters))
        }
    }
}
