import Hummingbird
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

/// The two calls about an account (contract §1.6). Their bodies say nothing.
struct AccountController: Sendable {
    let engine: Engine
    let calls: SignedCalls

    /// `POST /v1/account/balance`
    @Sendable func balance(_ request: Request, context: SiteContext) async throws -> Response {
        let account = try await calls.account(request, context, role: .payout)
        let balances = try await engine.reader.read { try $0.balances(of: account.id) }
        guard let balances else { throw Refusal.notFound("account") }
        return .json(BalanceReply(balances, currency: account.currency).json.text)
    }

    /// `POST /v1/account/info`
    @Sendable func info(_ request: Request, context: SiteContext) async throws -> Response {
        let id = try await calls.account(request, context, role: .payout).id
        let (account, isFrozen) = try await engine.reader.read { reading in
            (try reading.account(id), try reading.isFrozen(id))
        }
        guard let account else { throw Refusal.notFound("account") }
        return .json(InfoReply(account, isFrozen: isFrozen, engine: engine).json.text)
    }
}
