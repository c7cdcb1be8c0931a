import Hummingbird
import KaunterCore
import KaunterEngine
import KaunterStorage

/// The simulated bank: a page, clearly marked, on which the payer approves, declines or cancels.
/// Only a sandbox has it in its router.
struct SimulatedBankController: Sendable {
    let engine: Engine
    let renderer: PageRenderer

    /// What the page shows.
    struct BankPage: Sendable {
        let bank: String
        let merchant: String
        let amount: String
        let reference: String
        let action: String
        /// What the form sends back: "25.90".
        let formAmount: String
        let backURL: String
        /// Whether there is still something to decide.
        let isOpen: Bool
        /// What was decided.
        let outcome: String
    }

    /// `GET /simulator/<reference>`
    @Sendable func show(_ request: Request, context: SiteContext) async throws -> Response {
        let reference = context.parameters.get("reference") ?? ""
        let page = try await engine.reader.read { reading -> BankPage? in
            guard let attempt = try reading.attempt(reference: reference),
                let payment = try reading.payment(attempt.payment),
                let account = try reading.account(payment.account)
            else { return nil }
            return BankPage(attempt, payment: payment, account: account)
        }
        guard let page else { throw Refusal.notFound("attempt") }
        return try renderer.response("simulated-bank", page, title: "Simulated bank")
    }

    /// `POST /simulator/<reference>`: the decision goes the way of every rail's message.
    @Sendable func decide(_ request: Request, context: SiteContext) async throws -> Response {
        let form = try await request.form()
        let fields = [
            "reference": context.parameters.get("reference") ?? "",
            "choice": form["choice"] ?? "", "amount": form["amount"] ?? "",
        ]
        let payment = try await engine.recordOutcome(of: fields, from: "simulator")
        return .seeOther("/\(payment.uuid.text)")
    }
}

extension SimulatedBankController.BankPage {
    init(_ attempt: Attempt, payment: Payment, account: MerchantAccount) {
        bank = attempt.depositCode.name
        merchant = account.merchantName
        amount = "RM \(attempt.amount.decimalWithSeparators)"
        reference = attempt.reference
        action = "\(Site.simulatorPath)/\(attempt.reference)"
        formAmount = attempt.amount.decimal()
        backURL = "/\(payment.uuid.text)"
        isOpen = attempt.state.isOpen
        switch attempt.state {
        case .received: outcome = "You approved this payment."
        case .declined: outcome = "This payment was declined."
        case .cancelled: outcome = "You cancelled at the bank."
        case .lapsed: outcome = "The time for this payment is over."
        case .intended, .open: outcome = ""
        }
    }
}
