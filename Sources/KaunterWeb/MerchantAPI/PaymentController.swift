import Hummingbird
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

/// The three calls about payments (contract §1.1–1.3).
struct PaymentController: Sendable {
    let engine: Engine
    let calls: SignedCalls

    /// `POST /v1/payment`
    @Sendable func create(_ request: Request, context: SiteContext) async throws -> Response {
        let call = try await calls.read(request, context, role: .payment)
        let (draft, errors) = PaymentOrderDraft.read(call.body)
        guard let order = draft.order, errors.isEmpty else {
            var all = errors
            all.add(try await engine.faults(of: draft, for: call.account))
            throw Refusal.invalidFields(all)
        }
        return .json(try await engine.createPayment(order, draft: draft, for: call.account))
    }

    /// `POST /v1/payment/status`
    @Sendable func status(_ request: Request, context: SiteContext) async throws -> Response {
        let call = try await calls.read(request, context, role: .payment)
        let query = try StatusQuery(call.body)
        let account = call.account.id
        let found = try await engine.reader.read { reading -> Payment? in
            guard let id = query.id else {
                return try query.orderID.flatMap { try reading.payment(orderID: $0, of: account) }
            }
            let payment = try reading.payment(Payment.ID(rawValue: id), of: account)
            let isSame = query.orderID == nil || payment?.orderID == query.orderID
            return isSame ? payment : nil
        }
        guard let found else { throw Refusal.notFound("payment") }
        return .json(PaymentStatusReply(found, engine: engine).json.text)
    }

    /// `POST /v1/payment/history`
    @Sendable func history(_ request: Request, context: SiteContext) async throws -> Response {
        let call = try await calls.read(request, context, role: .payment)
        let query = try HistoryQuery(call.body)
        let account = call.account.id
        let history = try await engine.reader.read { reading in
            try reading.paymentHistory(
                of: account, from: query.from, to: query.to, page: query.page, size: query.size)
        }
        return .json(PaymentHistoryReply(history, query: query, engine: engine).json.text)
    }
}
