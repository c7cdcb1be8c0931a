import ArgumentParser
import Foundation
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterServer

/// `LedgerBench fill`
struct FillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill",
        abstract: "Fill a sandbox with paid payments and payouts.",
        discussion: """
            Each goes through the engine as a merchant's call and the sandbox's outcome would, \
            with a fee, its tax and a rolling reserve; every tenth payment is followed by a payout. \
            All of it is sealed.
            """)

    @OptionGroup var place: StorePlace

    @Option(help: "Payments.")
    var payments: Int

    @Option(help: "Accounts over which they are spread.")
    var accounts = 20

    @Option(help: "Callers at once.")
    var callers = 256

    /// Payments to each payout.
    private static let paymentsPerPayout = 10
    private static let paymentsPerSeal = 1_000
    private static let paymentSen: Int64 = 2_590
    private static let payoutSen: Int64 = 1_000

    func validate() throws {
        guard min(payments, accounts, callers) > 0 else {
            throw ValidationError("Payments, accounts and callers must be above 0.")
        }
    }

    func run() async throws {
        try await place.use { engine, _ in
            var made: [MerchantAccount] = []
            for _ in 0..<accounts { made.append(try await makeAccount(engine)) }
            let owners = made
            let work = try await Callers(count: callers).work(times: payments) { number in
                let owner = owners[number % owners.count]
                try await pay(number, owner, engine)
                if number.isMultiple(of: Self.paymentsPerPayout) {
                    try await payOut(number, owner, engine)
                }
                // The sealer's turn, so that what waits for it stays small.
                if number.isMultiple(of: Self.paymentsPerSeal) { try await engine.sealSome() }
            }
            try await engine.sealAll()
            Terminal.output(
                JSONValue.object([
                    "payments": .integer(Int64(work.acts)),
                    "microseconds": .integer(work.microseconds),
                ]).text)
        }
    }

    /// A merchant with terms as a real one has them.
    private func makeAccount(_ engine: Engine) async throws -> MerchantAccount {
        let account = try await engine.createMerchant(name: "Kedai Kopi")
        let act = ActRecord(
            operatorName: "bench", act: "set terms", subject: "-", detail: "{}", reason: "bench")
        for service in Terms.services {
            _ = try await engine.setTerms(of: account.id, service: service, act: act) { terms in
                terms.feePercent = Percentage("1.8") ?? .zero
                terms.feeFixed = .sen(20)
                terms.reservePercent = Percentage("5") ?? .zero
                terms.reserveDays = 90
            }
        }
        return account
    }

    private func pay(_ number: Int, _ account: MerchantAccount, _ engine: Engine) async throws {
        var draft = PaymentOrderDraft()
        draft.orderID = "filled-\(number)"
        draft.amount = .sen(Self.paymentSen)
        draft.depositCode = Catalogue.depositCode("MBB")
        draft.service = draft.depositCode?.service
        draft.firstName = "Nurul"
        draft.lastName = "Binti Abdullah"
        draft.ip = "203.0.113.77"
        guard let order = draft.order else { throw BenchFault("The order is not whole.") }
        let answer = try await engine.createPayment(order, draft: draft, for: account)
        let reply = try CreatePaymentReply(json: JSONValue(parsing: Array(answer.utf8)))
        guard let uuid = UUID(uuidString: reply.uuid) else {
            throw BenchFault("The answer has no UUID.")
        }
        let outcome = SimulatedOutcome(kind: .paid, amount: nil)
        _ = try await engine.simulateOutcome(outcome, of: uuid)
    }

    private func payOut(_ number: Int, _ account: MerchantAccount, _ engine: Engine) async throws {
        var draft = PayoutOrderDraft()
        draft.orderID = "filled-\(number)"
        draft.amount = .sen(Self.payoutSen)
        draft.isServiceKnown = true
        draft.bank = Catalogue.payoutBank("BIMB")
        draft.number = "12345678901234"
        draft.firstName = "Aminah"
        draft.lastName = "Siti"
        guard let order = draft.order else { throw BenchFault("The payout is not whole.") }
        let answer = try await engine.createPayout(order, draft: draft, for: account)
        let reply = try CreatePayoutReply(json: JSONValue(parsing: Array(answer.utf8)))
        _ = try await engine.simulatePayout(Payout.ID(rawValue: reply.id), .paid)
    }
}
