import ArgumentParser
import KaunterAPI
import KaunterWeb

/// `kaunter terms`
struct TermsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terms",
        abstract: "Show and set what an account pays, and when it gets its money.",
        subcommands: [Show.self, Set.self])

    /// `kaunter terms show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the terms that hold for new payments and payouts.",
            discussion: """
                Example:
                  kaunter terms show --account UUID
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The account.", valueName: "uuid"))
        var account: String

        @Option(help: ArgumentHelp("One service alone.", valueName: "code"))
        var service: String?

        func run() async throws {
            var parameters: JSONObject = ["account": .string(account)]
            if let service { parameters.set("service", to: .string(service)) }
            store.show(try await store.perform(.showTerms, parameters))
        }
    }

    /// `kaunter terms set`
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change the terms of a service; what is not named stays.",
            discussion: """
                They hold for what is created from now on. The fee is the percentage of what was \
                paid, rounded half up, plus the fixed part; at least --fee-min, at most --fee-max, \
                and never more than was paid.

                Examples:
                  kaunter terms set --account UUID --service qr_code_myr_hpp \\
                      --fee-percent 2.5 --fee-fixed 0.30 --hold-days 2 --reason "contract 7"
                  kaunter terms set --account UUID --service payment_card_myr \\
                      --fee-fixed 0.50 --max-amount none --reason "new bank"
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The account.", valueName: "uuid"))
        var account: String

        @Option(help: ArgumentHelp("The service, such as qr_code_myr_hpp.", valueName: "code"))
        var service: String

        @Option(help: ArgumentHelp("Of what was paid.", valueName: "percent"))
        var feePercent: String?

        @Option(help: ArgumentHelp("Added to each fee.", valueName: "RM"))
        var feeFixed: String?

        @Option(help: ArgumentHelp("The least fee.", valueName: "RM"))
        var feeMin: String?

        @Option(help: ArgumentHelp("The greatest fee, or none.", valueName: "RM"))
        var feeMax: String?

        @Option(help: ArgumentHelp("The least amount, or none: the rail's.", valueName: "RM"))
        var minAmount: String?

        @Option(help: ArgumentHelp("The greatest amount, or none: the rail's.", valueName: "RM"))
        var maxAmount: String?

        @Option(
            help: ArgumentHelp(
                "The most that may be asked for on a day, or none.", valueName: "RM"))
        var dailyMax: String?

        @Option(help: ArgumentHelp("Business days until money is available.", valueName: "days"))
        var holdDays: String?

        @Option(help: ArgumentHelp("Of the net, kept for --reserve-days.", valueName: "percent"))
        var reservePercent: String?

        @Option(help: ArgumentHelp("Days for which the reserve is kept.", valueName: "days"))
        var reserveDays: String?

        @Option(
            help: ArgumentHelp(
                "What becomes of part of a sum.", valueName: "accept|refuse|account"))
        var partial: String?

        @Option(
            help: ArgumentHelp(
                "What becomes of the fee when a payment is refunded.", valueName: "keep|return"))
        var refundFee: String?

        @OptionGroup var act: ActOptions

        func run() async throws {
            let parameters = act.parameters(
                ["account": .string(account), "service": .string(service)],
                [
                    ("fee_percent", feePercent), ("fee_fixed", feeFixed), ("fee_min", feeMin),
                    ("fee_max", feeMax), ("min_amount", minAmount), ("max_amount", maxAmount),
                    ("daily_max", dailyMax), ("hold_days", holdDays),
                    ("reserve_percent", reservePercent), ("reserve_days", reserveDays),
                    ("partial", partial),
                    ("refund_fee", refundFee),
                ])
            store.show(try await store.perform(.setTerms, parameters))
        }
    }
}

/// What every act of an operator takes.
struct ActOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why, for the log of acts.", valueName: "text"))
    var reason: String

    /// The fields of an act: its own, those of its options that were given, and the reason.
    func parameters(_ own: JSONObject, _ options: [(String, String?)] = []) -> JSONObject {
        var parameters = own
        for (name, value) in options {
            if let value { parameters.set(name, to: .string(value)) }
        }
        parameters.set("reason", to: .string(reason))
        return parameters
    }
}
