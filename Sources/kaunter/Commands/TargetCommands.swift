import ArgumentParser
import KaunterAPI
import KaunterWeb

/// `kaunter endpoint`
struct EndpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "endpoint", abstract: "Where an account wants notifications.",
        subcommands: [Add.self, List.self, Set.self, Remove.self])

    /// Adds an address and prints its id.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an endpoint; its id is `notification_endpoint_id`.",
            discussion: """
                Example:
                  kaunter endpoint add --account UUID --url https://shop.example/notify

                The secret and the public key that it prints are for the receiver: with either it \
                can verify the headers of Standard Webhooks. `kaunter keys webhook` shows them \
                again. Receivers that know no commission_amount want --fields \
                without_commission; those that verify the headers alone, and need no sign, --sign \
                off. One that can take little wants a small --concurrency, or a --rate.
                """)

        @OptionGroup var target: TargetOptions

        @OptionGroup var pace: PaceOptions

        @Option(
            help: ArgumentHelp(
                "How notifications are sent (get).", valueName: "get|post_form|post_json"))
        var method: String?

        @Option(
            help: ArgumentHelp(
                "The digest under its notifications (the account's).", valueName: "sha1|sha256"))
        var digest: String?

        @Option(
            help: ArgumentHelp(
                "The list of fields that is signed and sent (current).",
                valueName: "current|without_commission"))
        var fields: String?

        @Option(
            help: ArgumentHelp(
                "Whether its notifications carry sign (on).", valueName: "on|off"))
        var sign: String?

        func run() async throws {
            try await target.add(
                .addEndpoint,
                ["method": method, "digest": digest, "fields": fields, "sign": sign],
                pace.parameters)
        }
    }

    /// Lists an account's addresses.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List an account's endpoints.",
            discussion: """
                Example:
                  kaunter endpoint list --account UUID
                """)

        @OptionGroup var account: AccountOptions

        func run() async throws {
            try await account.show(.listEndpoints)
        }
    }

    /// Changes what is named; what waits goes there at once.
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change an endpoint; what waits for it goes out as it is then.",
            discussion: """
                Examples:
                  kaunter endpoint set --account UUID --id 7 --url https://shop.example/new
                  kaunter endpoint set --account UUID --id 7 --rate 20

                What is not named stays. A new rate holds at once, on all nodes.
                """)

        @OptionGroup var account: AccountOptions

        @OptionGroup var pace: PaceOptions

        @Option(help: ArgumentHelp("The endpoint.", valueName: "id"))
        var id: Int64

        @Option(help: ArgumentHelp("The absolute address.", valueName: "url"))
        var url: String?

        @Option(
            help: ArgumentHelp(
                "How notifications are sent.", valueName: "get|post_form|post_json"))
        var method: String?

        @Option(
            help: ArgumentHelp(
                "The digest under its notifications.", valueName: "sha1|sha256"))
        var digest: String?

        @Option(help: ArgumentHelp("Whether its notifications carry sign.", valueName: "on|off"))
        var sign: String?

        func run() async throws {
            var parameters: JSONObject = ["account": .string(account.account), "id": .integer(id)]
            let words = [("url", url), ("method", method), ("digest", digest), ("sign", sign)]
            for (name, value) in words {
                if let value { parameters.set(name, to: .string(value)) }
            }
            for member in pace.parameters.members { parameters.set(member.key, to: member.value) }
            account.store.show(try await account.store.perform(.setEndpoint, parameters))
        }
    }

    /// Removes it; its events stay.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove an endpoint; what waits for it is given up.",
            discussion: """
                Example:
                  kaunter endpoint remove --account UUID --id 7
                """)

        @OptionGroup var account: AccountOptions

        @Option(help: ArgumentHelp("The endpoint.", valueName: "id"))
        var id: Int64

        func run() async throws {
            account.store.show(
                try await account.store.perform(
                    .removeEndpoint,
                    ["account": .string(account.account), "id": .integer(id)]))
        }
    }
}

/// `kaunter redirect`
struct RedirectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redirect", abstract: "Where an account wants payers to go afterwards.",
        subcommands: [Add.self, List.self])

    /// Adds an address and prints its id.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a redirect; its id is `success_redirect_id` or `fail_redirect_id`.",
            discussion: """
                Example:
                  kaunter redirect add --account UUID --url https://shop.example/thanks
                """)

        @OptionGroup var target: TargetOptions

        @Option(help: ArgumentHelp("How browsers go there (post).", valueName: "post|get"))
        var method: String?

        func run() async throws {
            try await target.add(.addRedirect, ["method": method])
        }
    }

    /// Lists an account's addresses.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List an account's redirects.",
            discussion: """
                Example:
                  kaunter redirect list --account UUID
                """)

        @OptionGroup var account: AccountOptions

        func run() async throws {
            try await account.show(.listRedirects)
        }
    }
}

/// A command about one account.
struct AccountOptions: ParsableArguments {
    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("The account.", valueName: "uuid"))
    var account: String

    /// Has an act about the account done, and prints its answer.
    func show(_ act: ControlAct) async throws {
        store.show(try await store.perform(act, ["account": .string(account)]))
    }
}

/// How much an endpoint takes.
struct PaceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Notifications that may be under way to it at once, 1 to 64 (4).",
            valueName: "count"))
    var concurrency: Int64?

    @Option(
        help: ArgumentHelp(
            "Notifications a second to it at most, 1 to 1000 (none: no limit).",
            valueName: "count|none"))
    var rate: String?

    /// As the control socket takes them; what is not named is left out.
    var parameters: JSONObject {
        var parameters: JSONObject = [:]
        if let concurrency { parameters.set("concurrency", to: .integer(concurrency)) }
        if let rate { parameters.set("rate", to: .string(rate)) }
        return parameters
    }
}

/// A command that adds an address of an account.
struct TargetOptions: ParsableArguments {
    @OptionGroup var account: AccountOptions

    @Option(help: ArgumentHelp("The absolute address.", valueName: "url"))
    var url: String

    /// Adds the address and prints its id.
    func add(
        _ act: ControlAct, _ options: KeyValuePairs<String, String?>, _ more: JSONObject = [:]
    ) async throws {
        var parameters: JSONObject = ["account": .string(account.account), "url": .string(url)]
        for (key, value) in options {
            if let value { parameters.set(key, to: .string(value)) }
        }
        for member in more.members { parameters.set(member.key, to: member.value) }
        account.store.show(try await account.store.perform(act, parameters))
    }
}
