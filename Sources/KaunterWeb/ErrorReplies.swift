import HTTPTypes
import Hummingbird
import KaunterAPI
import KaunterCore
import KaunterStorage
import Logging
import NIOCore

/// The only place where a refusal or a fault becomes a status code and words for a merchant
/// (contract §6).
struct MerchantErrors: RouterMiddleware {
    func handle(
        _ request: Request, context: SiteContext,
        next: (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let failure = Failure(error)
            if failure.status.code >= 500 {
                context.logger.error(
                    "request failed",
                    metadata: ["code": "\(failure.code)", "fault": "\(Failure.kind(of: error))"])
            }
            return failure.response
        }
    }
}

/// A refused call, as it is answered.
struct Failure: Error {
    let status: HTTPResponse.Status
    /// Stable, for programs: the header `X-Error-Code`.
    let code: String
    let message: String
    var errors = FieldErrors()
    var retryAfterSeconds: Int64?

    /// Seconds after which a client may try again when we are overloaded or the database is away.
    private static let retryAfterSeconds: Int64 = 1

    init(
        _ status: HTTPResponse.Status, _ code: String, _ message: String,
        errors: FieldErrors = FieldErrors(), retryAfterSeconds: Int64? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// One and the same for every way of not being who one says (contract §6).
    static let unauthenticated = Failure(
        .unauthorized, "unauthenticated", "The account or the signature is not valid.")

    init(_ error: any Error) {
        switch error {
        case let failure as Failure:
            self = failure
        case let refusal as Refusal:
            self.init(refusal)
        case is NIOTooManyBytesError:
            self.init(
                .contentTooLarge, "body_too_large",
                "The body may not be larger than \(Limits.bodyBytes) bytes.")
        case let error as HTTPError where error.status == .notFound:
            self.init(.notFound, "not_found", "There is no such call.")
        case let error as HTTPError where error.status.code < 500:
            self.init(error.status, "bad_request", "The request can't be read.")
        case _ where StorageFault.isUnknownFate(error):
            self.init(
                .serviceUnavailable, "unknown_fate",
                "Whether this was done is not known. Please send the same again.",
                retryAfterSeconds: Self.retryAfterSeconds)
        case _ where StorageFault.isTemporary(error):
            self.init(
                .serviceUnavailable, "unavailable", "The service is busy. Please try again.",
                retryAfterSeconds: Self.retryAfterSeconds)
        default:
            self.init(.internalServerError, "internal", "Something went wrong inside.")
        }
    }

    private init(_ refusal: Refusal) {
        switch refusal {
        case .invalidFields(let errors):
            self.init(
                .badRequest, "invalid_fields", "The given data was invalid.", errors: errors)
        case .notAllowed(let message):
            self.init(.forbidden, "not_allowed", message)
        case .notFound(let thing):
            self.init(.notFound, "not_found", "There is no such \(thing).")
        case .conflict(let message):
            self.init(.conflict, "conflict", message)
        case .attemptOpen:
            self.init(.conflict, "attempt_open", "An attempt to pay is under way.")
        case .lifetimeOver:
            self.init(.conflict, "lifetime_over", "The time to pay is over.")
        case .alreadyFinal:
            self.init(.conflict, "already_final", "The payment is final.")
        case .tooManyAttempts:
            self.init(.conflict, "too_many_attempts", "There were too many attempts to pay.")
        }
    }

    /// The body: both keys always, `errors` always an object.
    var reply: ErrorReply {
        ErrorReply(
            message: message,
            errors: errors.entries.map { (field: $0.field, messages: $0.messages) })
    }

    var response: Response {
        var response = Response.json(reply.json.text, status: status)
        response.headers[.errorCode] = code
        if let retryAfterSeconds { response.headers[.retryAfter] = String(retryAfterSeconds) }
        return response
    }

    /// What kind of error it was, for the log: its type and, of a fault of storage, its reason;
    /// neither holds anything that came from outside.
    static func kind(of error: any Error) -> String {
        StorageFault.description(of: error) ?? "\(type(of: error))"
    }
}

extension Response {
    /// A JSON answer that nobody keeps.
    static func json(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
