import Foundation
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

/// Makes a sandbox's payment or payout, and has it come to what was asked, by the ways of
/// merchants, payers and rails. A live store refuses.
extension ControlDesk {
    /// Payments that are made at most to fund one payout.
    private static let fundingPayments = 50
    /// What such a payment brings at least and at most, in sen.
    private static let fundingSen: ClosedRange<Int64> = 10_000...3_000_000
    /// Letters of an order id that is drawn.
    private static let orderLetters = 10

    func trigger(_ fields: inout FieldReader) async throws -> JSONValue {
        guard engine.installation.isSandbox else {
            throw Refusal.notAllowed("A live store's payments are made by merchants and payers.")
        }
        let event: TriggerEvent? = fields.word("event")
        let named = fields.value("account") == nil ? nil : fields.account()
        let set = fields.value("set")?.objectValue ?? [:]
        try fields.check()
        let account = try await account(named)
        guard let event else { throw Refusal.notFound("event") }
        guard let number = event.payoutNumber else {
            return .object(try await trigger(event, set, for: account))
        }
        return .object(try await trigger(event, number: number, set, for: account))
    }

    /// The account of this id, or the only one that there is.
    private func account(_ id: MerchantAccount.ID?) async throws -> MerchantAccount {
        let accounts = try await engine.reader.read { try $0.accounts() }
        if let id {
            guard let account = accounts.first(where: { $0.id == id }) else {
                throw Refusal.notFound("account")
            }
            return account
        }
        guard let account = accounts.first, accounts.count == 1 else {
            throw Refusal.conflict(
                accounts.isEmpty
                    ? "There is no account: make one with `kaunter merchant create`."
                    : "There are \(accounts.count) accounts: say which with --account.")
        }
        return account
    }

    private func trigger(
        _ event: TriggerEvent, _ set: JSONObject, for account: MerchantAccount
    ) async throws -> JSONObject {
        let body = try await paymentBody(set, for: account)
        let made = try await createPayment(body, for: account)
        try await engine.play(event, of: made.uuid)
        let payment = try await stored(made.uuid)
        var answer: JSONObject = [
            "event": .string(event.rawValue), "account": .string(account.id.rawValue.text),
            "id": .integer(payment.id.rawValue), "uuid": .string(payment.uuid.text),
            "order_id": .string(payment.orderID), "amount": .string(payment.amount.decimal()),
            "payment_status": .string(payment.status.rawValue),
            "url": .string(engine.installation.pageURL(of: payment.uuid)),
        ]
        if !payment.status.isFinal {
            answer.set(
                "note",
                to: .string(
                    "The account refuses parts, so this one is kept apart until the rest comes or "
                        + "the payment runs out."))
        }
        return answer
    }

    /// The fields of a payment that nobody would refuse, but for what was set.
    private func paymentBody(
        _ set: JSONObject, for account: MerchantAccount
    ) async throws -> JSONObject {
        if let name = set["customer_first_name"]?.stringValue,
            TriggerEvent.isPlayed(firstName: name)
        {
            throw Refusal.invalidFields(
                FieldErrors("customer_first_name", "The event says already what happens."))
        }
        let service = set["service"]?.stringValue.flatMap(Service.init(rawValue:))
        let code = Catalogue.depositCodes.first { $0.service == service ?? .onlineBanking }
        var body: JSONObject = [
            "amount": "100.00", "order_id": .string(drawnOrderID()),
            "service": .string(Service.onlineBanking.rawValue),
            "customer_code": .string(code?.code ?? ""), "customer_ip": "203.0.113.1",
            "customer_first_name": "Trigger", "customer_last_name": "Kaunter",
        ]
        try await complete(&body, with: set, for: account)
        return body
    }

    private func drawnOrderID() -> String {
        "trigger-\(engine.surroundings.token(length: Self.orderLetters).lowercased())"
    }

    /// Adds what was set, and the account's newest endpoint unless a place for news was set.
    private func complete(
        _ body: inout JSONObject, with set: JSONObject, for account: MerchantAccount
    ) async throws {
        for member in set.members { body.set(member.key, to: member.value) }
        let hasPlace = set.members.contains { $0.key.hasPrefix("notification_endpoint_") }
        let endpoints = try await engine.reader.read { try $0.endpoints(of: account.id) }
        if !hasPlace, let endpoint = endpoints.last {
            body.set("notification_endpoint_id", to: .integer(endpoint.id))
        }
    }

    private func createPayment(
        _ body: JSONObject, for account: MerchantAccount
    ) async throws -> (id: Int64, uuid: UUID) {
        let (draft, errors) = PaymentOrderDraft.read(body)
        guard let order = draft.order, errors.isEmpty else {
            var all = errors
            all.add(try await engine.faults(of: draft, for: account))
            throw Refusal.invalidFields(all)
        }
        let text = try await engine.createPayment(order, draft: draft, for: account)
        let reply = try CreatePaymentReply(json: JSONValue(parsing: Array(text.utf8)))
        guard let uuid = UUID(uuidString: reply.uuid) else { throw Refusal.notFound("payment") }
        return (reply.id, uuid)
    }

    private func stored(_ uuid: UUID) async throws -> Payment {
        guard let payment = try await engine.reader.read({ try $0.payment(uuid: uuid) }) else {
            throw Refusal.notFound("payment")
        }
        return payment
    }

    private func trigger(
        _ event: TriggerEvent, number: String, _ set: JSONObject, for account: MerchantAccount
    ) async throws -> JSONObject {
        if set["number"] != nil {
            throw Refusal.invalidFields(
                FieldErrors("number", "The event chooses the number, which decides the outcome."))
        }
        var body: JSONObject = [
            "amount": "50.00", "order_id": .string(drawnOrderID()),
            "service": .string(PayoutBank.service), "number": .string(number),
            "customer_code": "BIMB", "customer_first_name": "Trigger",
            "customer_last_name": "Kaunter",
        ]
        try await complete(&body, with: set, for: account)
        let (draft, errors) = PayoutOrderDraft.read(
            body, further: engine.installation.furtherBanks)
        guard let order = draft.order, errors.isEmpty else {
            var all = errors
            all.add(try await engine.payoutFaults(of: draft, for: account))
            throw Refusal.invalidFields(all)
        }
        let funding = try await fund(order.amount, for: account)
        let text = try await engine.createPayout(order, draft: draft, for: account)
        let reply = try CreatePayoutReply(json: JSONValue(parsing: Array(text.utf8)))
        let payout = try await engine.endPayout(Payout.ID(rawValue: reply.id))
        return [
            "event": .string(event.rawValue), "account": .string(account.id.rawValue.text),
            "id": .integer(payout.id.rawValue), "order_id": .string(payout.orderID),
            "amount": .string(payout.amount.decimal()),
            "payment_status": .string(payout.status.rawValue),
            "funded_by": .array(funding.map { .integer($0) }),
        ]
    }

    /// Has payments paid until the account can pay out this amount with its fee; their ids.
    private func fund(_ amount: Money, for account: MerchantAccount) async throws -> [Int64] {
        var payments: [Int64] = []
        for _ in 0..<Self.fundingPayments {
            let missing = try await engine.reader.read { reading -> Int64 in
                let terms = try reading.currentTerms(of: account.id, service: PayoutBank.service)
                let fee = (terms ?? Terms()).fee(of: amount)
                let balances = try reading.balances(of: account.id) ?? MerchantBalances()
                let wanted = amount.minorUnits + fee.minorUnits - balances.available
                return max(wanted, -balances.receivable)
            }
            if missing <= 0 { return payments }
            // More than is missing: a fee may be taken from it.
            let sen = min(
                max(2 * missing, Self.fundingSen.lowerBound), Self.fundingSen.upperBound)
            let body = try await paymentBody(
                ["amount": .string(Money.sen(sen).decimal())], for: account)
            let made = try await createPayment(body, for: account)
            try await engine.play(TriggerEvent.paymentPaid, of: made.uuid)
            payments.append(made.id)
        }
        throw Refusal.conflict(
            "\(payments.count) payments were paid, and their money is not available yet: the "
                + "account's terms hold it. `kaunter clock advance` brings the day.")
    }
}
