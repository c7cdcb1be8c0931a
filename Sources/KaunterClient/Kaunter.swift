public import AsyncHTTPClient
import Foundation
public import KaunterAPI
import NIOCore
import NIOHTTP1

/// The merchant's way to a Kaunter installation: each call is one signed request.
///
/// ```swift
/// let kaunter = Kaunter(
///     baseURL: "https://pay.example.com",
///     account: "bd291fe1-5c19-4113-ae62-a2d3c4d01d20",
///     key: try Kaunter.keyFolder("certificate"))
/// let reply = try await kaunter.createPayment(request)
/// ```
public struct Kaunter: Sendable {
    /// The installation's address without a slash at its end, for example
    /// `https://pay.example.com`.
    public let baseURL: String

    /// The UUID of the account in whose name the calls are made.
    public let account: String

    private let key: SigningKey
    private let digest: SignatureDigest
    private let httpClient: HTTPClient

    /// The most bytes of an answer that are read.
    static let replyBytes = 1_048_576

    /// How long a call may take as a whole, answer included.
    static let callSeconds: Int64 = 30

    /// A client for one account; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - baseURL: The installation's address; slashes at its end are dropped.
    ///   - account: The account's UUID.
    ///   - key: The account's payment key, or its payout key, see `keyFolder(_:)`: the one for
    ///     payments, the other for payouts and for the account itself.
    ///   - digest: Which digest the signatures use; Kaunter takes both.
    ///   - httpClient: The client that carries the requests.
    public init(
        baseURL: String,
        account: String,
        key: SigningKey,
        digest: SignatureDigest = .sha256,
        httpClient: HTTPClient = .shared,
    ) {
        var address = baseURL[...]
        while address.hasSuffix("/") { address.removeLast() }
        self.baseURL = String(address)
        self.account = account
        self.key = key
        self.digest = digest
        self.httpClient = httpClient
    }

    /// Signs the bytes of a body, sends exactly these, and gives the answer when it is a 200.
    func call(_ path: String, body: JSONValue) async throws(KaunterError) -> JSONValue {
        let request = try request(path, body: body)
        let answer: Answer
        do {
            let response = try await httpClient.execute(
                request, timeout: .seconds(Self.callSeconds))
            let bytes = try await response.body.collect(upTo: Self.replyBytes)
            answer = Answer(
                status: Int(response.status.code),
                retryAfter: response.headers.first(name: "Retry-After"),
                code: response.headers.first(name: Header.errorCode),
                requestID: response.headers.first(name: Header.requestID),
                body: Array(bytes.readableBytesView))
        } catch {
            throw KaunterError(transport: error)
        }
        return try answer.value()
    }

    /// Makes a reply of an answer; one that is not of the protocol is an error.
    func read<Reply>(
        _ body: () throws(MalformedMessage) -> Reply
    ) throws(KaunterError) -> Reply {
        do {
            return try body()
        } catch {
            throw .malformedReply(reason: error.reason)
        }
    }

    /// The question for one page of a history; what is nil is left out.
    static func pageBody(from: String?, to: String?, page: Int, perPage: Int?) -> JSONValue {
        var body: JSONObject = ["page": .integer(page)]
        body["date_from"] = from.map { .string($0) }
        body["date_to"] = to.map { .string($0) }
        body["paginate"] = perPage.map { .integer($0) }
        return .object(body)
    }

    private func request(
        _ path: String, body: JSONValue
    ) throws(KaunterError) -> HTTPClientRequest {
        guard account.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .notSent(reason: "the account is not a UUID")
        }
        let bytes = Array(body.text.utf8)
        let sign: String
        do {
            sign = try key.sign(bytes, digest: digest)
        } catch {
            throw .notSent(reason: error.reason)
        }
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: Header.account, value: account)
        request.headers.add(name: Header.sign, value: sign)
        request.body = .bytes(ByteBuffer(bytes: bytes))
        return request
    }
}
