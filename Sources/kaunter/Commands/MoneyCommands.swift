import ArgumentParser
import KaunterAPI
import KaunterWeb

/// `kaunter refund`
struct RefundCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refund", abstract: "Give a payment back to who paid it.",
        discussion: """
            The money comes from what the merchant has available. Without --bank it goes to the \
            account that the rail named. Never more goes back than came.

            Examples:
              kaunter refund --payment 100000001 --reason "goods returned"
              kaunter refund --payment 100000001 --amount 20.00 --reason "one cup broken"
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("The payment's id.", valueName: "id"))
    var payment: Int64

    @Option(
        help: ArgumentHelp("A part of it; without, all that has not gone back.", valueName: "RM"))
    var amount: String?

    @Option(help: ArgumentHelp("Another bank to send it to, by its code.", valueName: "code"))
    var bank: String?

    @Option(help: ArgumentHelp("The account number there.", valueName: "digits"))
    var number: String?

    @Option(help: ArgumentHelp("Whose account that is.", valueName: "name"))
    var firstName: String?

    @Option(help: ArgumentHelp("Whose account that is.", valueName: "name"))
    var lastName: String?

    @OptionGroup var act: ActOptions

    func run() async throws {
        let parameters = act.parameters(
            ["payment": .integer(payment)],
            [
                ("amount", amount), ("bank", bank), ("number", number), ("first_name", firstName),
                ("last_name", lastName),
            ])
        store.show(try await store.perform(.refundPayment, parameters))
    }
}

/// `kaunter reverse`
struct ReverseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reverse", abstract: "Book that a rail or a bank took something back.",
        subcommands: [PaymentOf.self, PayoutOf.self])

    /// `kaunter reverse payment`
    struct PaymentOf: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "payment", abstract: "Book that the rail took a payment's money back.",
            discussion: """
                The status stays. The merchant's available money pays, then what is held, then the \
                reserve; what is left becomes a debt.

                Example:
                  kaunter reverse payment --payment 100000001 --reason "chargeback 77"
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The payment's id.", valueName: "id"))
        var payment: Int64

        @Option(
            help: ArgumentHelp(
                "A part of it; without, all that has not gone back.", valueName: "RM"))
        var amount: String?

        @OptionGroup var act: ActOptions

        func run() async throws {
            let parameters = act.parameters(
                ["payment": .integer(payment)], [("amount", amount)])
            store.show(try await store.perform(.reversePayment, parameters))
        }
    }

    /// `kaunter reverse payout`
    struct PayoutOf: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "payout", abstract: "Book that a paid payout came back to our bank.",
            discussion: """
                The status stays, and the merchant has the amount again.

                Example:
                  kaunter reverse payout --payout 100000002 --reason "account closed"
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The payout's id.", valueName: "id"))
        var payout: Int64

        @OptionGroup var act: ActOptions

        func run() async throws {
            store.show(
                try await store.perform(
                    .reversePayout, act.parameters(["payout": .integer(payout)])))
        }
    }
}

/// `kaunter adjust`
struct AdjustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adjust",
        abstract: "Correct what we owe a merchant, in its favour or at its expense.",
        discussion: """
            Example:
              kaunter adjust --account UUID --direction credit --amount 12.30 --reason "ticket 9"
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("The account.", valueName: "uuid"))
    var account: String

    @Option(
        help: ArgumentHelp(
            "credit in the merchant's favour, debit at its expense.", valueName: "credit|debit"))
    var direction: String

    @Option(help: ArgumentHelp("How much.", valueName: "RM"))
    var amount: String

    @OptionGroup var act: ActOptions

    func run() async throws {
        let parameters = act.parameters(
            ["account": .string(account)], [("direction", direction), ("amount", amount)])
        store.show(try await store.perform(.adjustAccount, parameters))
    }
}

/// `kaunter settle`
struct SettleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settle", abstract: "Book that a rail paid what it had taken in.",
        discussion: """
            The amount is what is settled, before the rail's cost. A reference is booked once.

            Example:
              kaunter settle --rail fpx --amount 9120.00 --cost 41.00 --reference CS01-20261124 \\
                  --reason "statement of the 24th"
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("The rail's name.", valueName: "name"))
    var rail: String

    @Option(help: ArgumentHelp("What is settled.", valueName: "RM"))
    var amount: String

    @Option(help: ArgumentHelp("What the rail kept of it (0).", valueName: "RM"))
    var cost: String?

    @Option(help: ArgumentHelp("The bank's or the rail's name for it.", valueName: "text"))
    var reference: String

    @OptionGroup var act: ActOptions

    func run() async throws {
        let parameters = act.parameters(
            ["rail": .string(rail)],
            [("amount", amount), ("cost", cost), ("reference", reference)])
        store.show(try await store.perform(.settleRail, parameters))
    }
}
