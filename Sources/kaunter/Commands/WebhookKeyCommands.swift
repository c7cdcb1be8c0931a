import ArgumentParser
import KaunterAPI
import KaunterWeb

/// `kaunter keys webhook`
struct WebhookKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook",
        abstract: "The secret of the Standard Webhooks headers of notifications.",
        subcommands: [Show.self, Rotate.self], defaultSubcommand: Show.self)

    /// `kaunter keys webhook show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print an endpoint's or account's current secret and public key.",
            discussion: """
                Examples:
                  kaunter keys webhook show --account UUID
                  kaunter keys webhook show --endpoint 3

                An account's own is for receivers that are named by URL alone; an endpoint has one \
                of its own.
                """)

        @OptionGroup var place: WebhookPlaceOptions

        func run() async throws {
            try await place.show(.showWebhookKey)
        }
    }

    /// `kaunter keys webhook rotate`
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new secret; the old one signs beside it for a while.",
            discussion: """
                Examples:
                  kaunter keys webhook rotate --account UUID
                  kaunter keys webhook rotate --endpoint 3 --overlap-hours 0

                With no overlap the old secret signs nothing any more: for one that leaked.
                """)

        @OptionGroup var place: WebhookPlaceOptions

        @Option(
            help: ArgumentHelp(
                "How long the old secret signs too: 0 to 720 (24).", valueName: "hours"))
        var overlapHours: Int?

        func run() async throws {
            try await place.show(
                .rotateWebhookKey, overlapHours.map { ["overlap_hours": .integer(Int64($0))] })
        }
    }
}

/// A command about the secret of one place.
struct WebhookPlaceOptions: ParsableArguments {
    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("The account.", valueName: "uuid"))
    var account: String?

    @Option(help: ArgumentHelp("Or the endpoint, by its id.", valueName: "id"))
    var endpoint: Int64?

    @Option(help: ArgumentHelp("Why; a live store asks.", valueName: "text"))
    var reason: String?

    func validate() throws {
        guard (account == nil) != (endpoint == nil) else {
            throw ValidationError("Name --account or --endpoint.")
        }
    }

    /// Has an act about the place done, and prints its answer.
    func show(_ act: ControlAct, _ further: JSONObject? = nil) async throws {
        var parameters = further ?? [:]
        if let account { parameters.set("account", to: .string(account)) }
        if let endpoint { parameters.set("endpoint", to: .integer(endpoint)) }
        if let reason { parameters.set("reason", to: .string(reason)) }
        store.show(try await store.perform(act, parameters))
    }
}
