import Hummingbird
import KaunterAPI
import KaunterCore
import KaunterEngine
import NIOCore

/// A call of a merchant whose signature was verified over the raw bytes, and then read as JSON.
/// What takes one can't forget to verify.
struct SignedCall {
    let account: MerchantAccount
    let body: JSONObject
}

/// The way from a request to a signed call (contract §1, §2, §6).
struct SignedCalls: Sendable {
    let engine: Engine
    let limiter: RateLimiter?

    /// Reads, verifies, then parses. The order matters: nothing of a body is looked at before it is
    /// known who sent it, and the bytes that are verified are the bytes that came.
    func read(
        _ request: Request, _ context: SiteContext, role: AccountKey.Role
    ) async throws -> SignedCall {
        let (account, body) = try await verified(request, context, role: role)
        return SignedCall(account: account, body: try Self.object(body))
    }

    /// The account that signed a call whose body says nothing: any JSON will do (contract §1.6).
    func account(
        _ request: Request, _ context: SiteContext, role: AccountKey.Role
    ) async throws -> MerchantAccount {
        let (account, body) = try await verified(request, context, role: role)
        _ = try Self.json(body)
        return account
    }

    private func verified(
        _ request: Request, _ context: SiteContext, role: AccountKey.Role
    ) async throws -> (account: MerchantAccount, body: [UInt8]) {
        let body = try await request.bytes(upTo: Limits.bodyBytes)
        let signed = try await engine.authenticate(
            account: request.headers[.account], sign: request.headers[.sign], body: body,
            role: role)
        // A call that verified is never refused for what strangers did from the same address.
        guard let signed else {
            try limiter?.admitStranger(context.sourceAddress)
            throw Failure.unauthenticated
        }
        try limiter?.admit(signed.account.id)
        return (signed.account, body)
    }

    /// The body as an object. PHP writes an empty array of fields as `[]`, which is one too.
    static func object(_ body: [UInt8]) throws -> JSONObject {
        switch try json(body) {
        case .object(let object): return object
        case .array(let elements) where elements.isEmpty: return JSONObject()
        default:
            throw Failure(.badRequest, "invalid_json", "The body must be a JSON object.")
        }
    }

    private static func json(_ body: [UInt8]) throws -> JSONValue {
        do throws(JSONFault) {
            return try JSONValue(parsing: body)
        } catch {
            let words = "The body is not valid JSON: \(error.reason)."
            var errors = FieldErrors()
            if let field = error.field { errors.add(field, words) }
            throw Failure(.badRequest, "invalid_json", words, errors: errors)
        }
    }
}
