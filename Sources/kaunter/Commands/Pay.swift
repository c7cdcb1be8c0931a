import ArgumentParser
import KaunterAPI
import KaunterClient
import KaunterCore
import KaunterServer

/// A merchant's side of the API, through the SDK.
struct MerchantOptions: ParsableArguments {
    @OptionGroup var store: StoreOptions

    @Option(
        name: .customLong("url"),
        help: ArgumentHelp(
            "The gateway's address; by default the configuration's.", valueName: "url"))
    var baseURL: String?

    @Option(help: ArgumentHelp("The account.", valueName: "uuid"))
    var account: String

    @Option(
        help: ArgumentHelp("The folder with password.txt and private.pem.", valueName: "dir"))
    var key: String

    /// The SDK, ready to call.
    func client() throws -> Kaunter {
        Kaunter(
            baseURL: try baseURL ?? store.configuration().publicURL, account: account,
            key: try Kaunter.keyFolder(key))
    }
}

/// `kaunter pay`
struct Pay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create a payment as a merchant would, and print the payer's link.",
        discussion: """
            Example:
              kaunter pay --account UUID --key ./keys --amount 25.90
            """)

    @OptionGroup var merchant: MerchantOptions

    @Option(help: ArgumentHelp("Ringgit, with two decimals at most.", valueName: "amount"))
    var amount: String

    @Option(help: ArgumentHelp("The order; by default a new one.", valueName: "id"))
    var orderID: String?

    @Option(help: ArgumentHelp("The service.", valueName: "code"))
    var service = Service.onlineBanking.rawValue

    @Option(
        help: ArgumentHelp(
            "The bank or wallet; by default the service's own choice.", valueName: "code"))
    var customerCode: String?

    @Option(help: ArgumentHelp("Where the notification goes.", valueName: "url"))
    var notificationURL: String?

    @Option(help: ArgumentHelp("Where a payer who has paid goes.", valueName: "url"))
    var successURL: String?

    @Option(help: ArgumentHelp("Where a payer who has not paid goes.", valueName: "url"))
    var failURL: String?

    func run() async throws {
        let order = orderID ?? "order-\(Surroundings.real.token(length: 10).lowercased())"
        var request = CreatePaymentRequest(
            amount: amount, orderID: order, service: service, customerIP: "127.0.0.1",
            customerCode: customerCode ?? Self.standardCode(of: service),
            customerFirstName: "Siti", customerLastName: "Aminah")
        request.notificationEndpointURL = notificationURL
        request.successRedirectURL = successURL
        request.failRedirectURL = failURL
        let reply = try await merchant.client().createPayment(request)
        guard case .object(let answer) = reply.json else { return }
        merchant.store.show(answer)
    }

    /// The code that leaves most to the payer.
    private static func standardCode(of service: String) -> String {
        switch Service(rawValue: service) {
        case .qrCode: "DUITNOW"
        case .eWallet: "TNGODUITNOW"
        case .onlineBanking, nil: "FPX"
        }
    }
}

/// `kaunter status`
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask what became of a payment, as a merchant would.",
        discussion: """
            Examples:
              kaunter status --account UUID --key ./keys --order-id order-1
              kaunter status --account UUID --key ./keys --id 100000001
            """)

    @OptionGroup var merchant: MerchantOptions

    @Option(help: ArgumentHelp("The order.", valueName: "id"))
    var orderID: String?

    @Option(help: ArgumentHelp("The payment.", valueName: "number"))
    var id: Int64?

    func validate() throws {
        guard (orderID == nil) != (id == nil) else {
            throw ValidationError("Name the payment by --order-id or by --id.")
        }
    }

    func run() async throws {
        let client = try merchant.client()
        let reply =
            if let id {
                try await client.paymentStatus(id: id)
            } else {
                try await client.paymentStatus(orderID: orderID ?? "")
            }
        guard case .object(let answer) = reply.json else { return }
        merchant.store.show(answer)
    }
}
