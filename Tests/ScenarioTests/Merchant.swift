import AsyncHTTPClient
import Foundation
import KaunterAPI
import KaunterClient
import KaunterServer
import KaunterWeb
import NIOCore
import NIOHTTP1

/// A merchant with its keys, as the operator made it through the control socket.
struct Merchant: Sendable {
    let account: String
    let key: SigningKey
    /// The id of its key, for revoking.
    let keyID: String
    let verifier: NotificationVerifier

    /// Makes a merchant at a node.
    init(at node: Node) async throws {
        let line = ControlLine(node.configuration)
        let made = try await Self.perform(.createMerchant, ["name": "Kedai Kopi"], line)
        account = try Self.text("account", of: made)
        let issued = try await Self.perform(
            .issueKey, ["account": .string(account), "for": "payment"], line)
        key = try SigningKey(
            privatePEM: Self.text("private", of: issued),
            passphrase: Self.text("password", of: issued))
        keyID = try Self.text("key", of: issued)
        let notification = try await Self.perform(
            .notificationKey, ["account": .string(account)], line)
        verifier = try NotificationVerifier(
            publicPEM: Self.text("public", of: notification), expecting: account)
    }

    /// The SDK, pointed at a node.
    func client(_ node: Node) -> Kaunter {
        Kaunter(baseURL: node.url, account: account, key: key)
    }

    /// Revokes the merchant's key at a node.
    func revokeKey(at node: Node) async throws {
        _ = try await Self.perform(
            .revokeKey, ["account": .string(account), "key": .string(keyID)],
            ControlLine(node.configuration))
    }

    /// An order, paid through the FPX page.
    func order(_ id: String, shop: String? = nil) -> CreatePaymentRequest {
        var request = CreatePaymentRequest(
            amount: "25.90", orderID: id, service: "online_banking_myr_hpp",
            customerIP: "203.0.113.7", customerCode: "FPX", customerFirstName: "Siti",
            customerLastName: "Aminah")
        request.notificationEndpointURL = shop
        return request
    }

    /// Sends bytes to `/v1/payment`, signed, and returns the answer's status and bytes.
    func send(_ body: [UInt8], to node: Node, with http: HTTPClient) async throws -> RawAnswer {
        var request = HTTPClientRequest(url: node.url + Path.payment)
        request.method = .POST
        request.headers.add(name: Header.account, value: account)
        request.headers.add(name: Header.sign, value: try key.sign(body, digest: .sha1))
        request.body = .bytes(ByteBuffer(bytes: body))
        let response = try await http.execute(request, timeout: .seconds(30))
        let answer = try await response.body.collect(upTo: 1_048_576)
        return RawAnswer(
            status: Int(response.status.code), body: String(buffer: answer))
    }

    struct RawAnswer: Sendable, Hashable {
        let status: Int
        let body: String
    }

    private static func perform(
        _ act: ControlAct, _ parameters: JSONObject, _ line: ControlLine
    ) async throws -> JSONObject {
        let reply = try await line.perform(act, parameters)
        guard reply.status == 200, case .object(let body) = reply.body else {
            throw Node.Fault(what: "\(act.rawValue): \(reply.status)")
        }
        return body
    }

    private static func text(_ field: String, of object: JSONObject) throws -> String {
        guard let text = object[field]?.stringValue else { throw Node.Fault(what: field) }
        return text
    }
}
