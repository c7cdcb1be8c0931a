import Hummingbird
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

/// The three calls about payouts (contract §1.4, §1.5).
struct PayoutController: Sendable {
    let engine: Engine
    let calls: SignedCalls

    /// `POST /v1/payout`
    @Sendable func create(_ request: Request, context: SiteContext) async throws -> Response {
        let call = try await calls.read(request, context, role: .payout)
        let (draft, errors) = PayoutOrderDraft.read(
            call.body, further: engine.installation.furtherBanks)
        guard let order = draft.order, errors.isEmpty else {
            var all = errors
            all.add(try await engine.payoutFaults(of: draft, for: call.account))
            throw Refusal.invalidFields(all)
        }
        return .json(try await engine.createPayout(order, draft: draft, for: call.account))
    }

    /// `POST /v1/payout/status`
    @Sendable func status(_ request: Request, context: SiteContext) async throws -> Response {
        let call = try await calls.read(request, context, role: .payout)
        let query = try StatusQuery(call.body)
        let account = call.account.id
        let found = try await engine.reader.read { reading -> Payout? in
            guard let id = query.id else {
                return try query.orderID.flatMap { try reading.payout(orderID: $0, of: account) }
            }
            let payout = try reading.payout(Payout.ID(rawValue: id), of: account)
            let isSame = query.orderID == nil || payout?.orderID == query.orderID
            return isSame ? payout : nil
        }
        guard let found else { throw Refusal.notFound("payout") }
        return .json(PayoutStatusReply(found).json.text)
    }

    /// `POST /v1/payout/history`
    @Sendable func history(_ request: Request, context: SiteContext) async throws -> Response {
        let call = try await calls.read(request, context, role: .payout)
        let query = try HistoryQuery(call.body)
        let account = call.account.id
        let history = try await engine.reader.read { reading in
            try reading.payoutHistory(
                of: account, from: query.from, to: query.to, page: query.page, size: query.size)
        }
        return .json(PayoutHistoryReply(history, query: query, engine: engine).json.text)
    }
}
