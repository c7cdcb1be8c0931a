import ArgumentParser
import KaunterAPI
import KaunterServer
import KaunterWeb

/// `kaunter trigger`
struct TriggerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger",
        abstract: "Make a payment or payout in a sandbox that comes to a chosen end.",
        discussion: """
            Events: payment.paid, payment.fail, payment.cancel, payment.partial, payment.over, \
            payment.double, payment.late, payout.paid, payout.fail.

            It is created as by a merchant, paid as by a payer, and told to the account's newest \
            endpoint, or where --set says. A payout is funded by a paid payment where the balance \
            is short. A live store refuses.

            Examples:
              kaunter trigger payment.paid
              kaunter trigger payment.late --account UUID --set amount=12.50 --set desc=Test
              kaunter trigger payout.fail --set notification_endpoint_url=http://127.0.0.1:9000/n
            """)

    @OptionGroup var store: StoreOptions

    @Argument(help: ArgumentHelp("What is to happen.", valueName: "event"))
    var event: String

    @Option(
        help: ArgumentHelp(
            "The account; may be left out if it is the only one.",
            valueName: "uuid"))
    var account: String?

    @Option(
        help: ArgumentHelp(
            "A field of the call, as a merchant sends it.",
            valueName: "field=value"))
    var set: [FieldSetting] = []

    func run() async throws {
        var parameters: JSONObject = ["event": .string(event)]
        if let account { parameters.set("account", to: .string(account)) }
        if !set.isEmpty {
            var fields: JSONObject = [:]
            for each in set { fields.set(each.field, to: .string(each.value)) }
            parameters.set("set", to: .object(fields))
        }
        store.show(try await store.perform(.trigger, parameters))
    }
}

/// `field=value`
struct FieldSetting: ExpressibleByArgument {
    let field: String
    let value: String

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else {
            return nil
        }
        field = String(argument[..<sign])
        value = String(argument[argument.index(after: sign)...])
    }
}
