import ArgumentParser
import KaunterAPI
import KaunterWeb

/// `kaunter freeze`
struct FreezeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freeze", abstract: "Keep money where it is.",
        subcommands: [OfAccount.self, OfPayment.self])

    /// `kaunter freeze account`
    struct OfAccount: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "account",
            abstract: "Refuse payouts and refunds, and release nothing; payments go on.",
            discussion: """
                Example:
                  kaunter freeze account --account UUID --reason "police report 12"
                """)

        @OptionGroup var store: StoreOptions
        @OptionGroup var account: AccountOption
        @OptionGroup var act: ActOptions

        func run() async throws {
            store.show(try await store.perform(.freezeAccount, account.parameters(act)))
        }
    }

    /// `kaunter freeze payment`
    struct OfPayment: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "payment",
            abstract: "Release nothing of a payment, and set aside what of it is available.",
            discussion: """
                Example:
                  kaunter freeze payment --payment 100000001 --reason "disputed"
                """)

        @OptionGroup var store: StoreOptions
        @OptionGroup var payment: PaymentOption
        @OptionGroup var act: ActOptions

        func run() async throws {
            store.show(try await store.perform(.freezePayment, payment.parameters(act)))
        }
    }
}

/// `kaunter unfreeze`
struct UnfreezeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unfreeze", abstract: "Let frozen money move again.",
        subcommands: [OfAccount.self, OfPayment.self])

    /// `kaunter unfreeze account`
    struct OfAccount: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "account", abstract: "Let an account's money move again.",
            discussion: """
                Example:
                  kaunter unfreeze account --account UUID --reason "report withdrawn"
                """)

        @OptionGroup var store: StoreOptions
        @OptionGroup var account: AccountOption
        @OptionGroup var act: ActOptions

        func run() async throws {
            store.show(try await store.perform(.unfreezeAccount, account.parameters(act)))
        }
    }

    /// `kaunter unfreeze payment`
    struct OfPayment: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "payment", abstract: "Let a payment's money move again.",
            discussion: """
                Example:
                  kaunter unfreeze payment --payment 100000001 --reason "settled"
                """)

        @OptionGroup var store: StoreOptions
        @OptionGroup var payment: PaymentOption
        @OptionGroup var act: ActOptions

        func run() async throws {
            store.show(try await store.perform(.unfreezePayment, payment.parameters(act)))
        }
    }
}

/// The account that an act concerns.
struct AccountOption: ParsableArguments {
    @Option(help: ArgumentHelp("The account.", valueName: "uuid"))
    var account: String

    func parameters(_ act: ActOptions) -> JSONObject {
        act.parameters(["account": .string(account)])
    }
}

/// The payment that an act concerns.
struct PaymentOption: ParsableArguments {
    @Option(help: ArgumentHelp("The payment's id.", valueName: "id"))
    var payment: Int64

    func parameters(_ act: ActOptions) -> JSONObject {
        act.parameters(["payment": .integer(payment)])
    }
}
