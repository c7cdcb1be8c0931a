import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import KaunterAPI
import KaunterCore
import NIOCore
import TestSupport

@testable import KaunterWeb

extension WebHouse {
    /// Sends bytes to a path, with nothing added.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: [UInt8] = [],
        headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        try await client.execute(
            uri: path, method: method, headers: headers,
            body: method == .get || method == .head ? nil : ByteBuffer(bytes: body))
    }

    /// Sends a body to the merchant API, signed over exactly these bytes, as the test account.
    func call(
        _ path: String, _ body: [UInt8], digest: SignatureDigest = .sha1
    ) async throws -> TestResponse {
        let sign = try keys.payment.sign(body, digest: digest)
        return try await send(
            .post, path, body,
            headers: [.account: account, .sign: sign, .contentType: "application/json"])
    }

    /// Sends a JSON text to the merchant API, signed, as the test account.
    func call(_ path: String, _ body: String) async throws -> TestResponse {
        try await call(path, Array(body.utf8))
    }

    /// Creates a payment from a complete body, changed as a test wants it.
    func create(_ change: (inout JSONObject) -> Void = { _ in }) async throws -> TestResponse {
        try await call(Path.payment, Self.body(change))
    }

    /// Creates a payment that must be taken.
    func created(
        _ change: (inout JSONObject) -> Void = { _ in }
    ) async throws -> CreatePaymentReply {
        let response = try await create(change)
        return try CreatePaymentReply(json: JSONValue(parsing: response.bytes))
    }

    /// A form of a payer's page or of the simulated bank.
    func post(_ path: String, form: String = "") async throws -> TestResponse {
        try await send(
            .post, path, Array(form.utf8),
            headers: [.contentType: "application/x-www-form-urlencoded"])
    }

    /// The sandbox's trigger.
    @discardableResult
    func decide(_ uuid: String, _ body: String) async throws -> TestResponse {
        try await send(.post, "/sandbox/v1/payments/\(uuid)", Array(body.utf8))
    }

    /// The page at a path.
    func page(_ path: String) async throws -> TestResponse {
        try await send(.get, path)
    }

    /// A complete body of a create.
    static func body(_ change: (inout JSONObject) -> Void = { _ in }) -> String {
        var body: JSONObject = [
            "amount": "100.50", "order_id": "order-1", "service": "online_banking_myr_hpp",
            "customer_ip": "203.0.113.7", "customer_code": "CIMB",
            "customer_first_name": "Aisyah", "customer_last_name": "Tan",
        ]
        change(&body)
        return JSONValue.object(body).text
    }
}

extension TestResponse {
    var bytes: [UInt8] { Array(body.readableBytesView) }
    var text: String { String(buffer: body) }
    var location: String { headers[.location] ?? "" }

    /// The body as JSON; null if it is none.
    var json: JSONValue { (try? JSONValue(parsing: bytes)) ?? .null }

    /// The fields that a refusal names; nil if `errors` is no object.
    var errors: [String: [String]]? {
        guard let members = json.objectValue?["errors"]?.objectValue?.members else { return nil }
        let pairs = members.map { member in
            (member.key, (member.value.arrayValue ?? []).compactMap(\.stringValue))
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// A field of the body, if it is a string.
    func string(_ field: String) -> String? { json.objectValue?[field]?.stringValue }
}
