import KaunterAPI

/// What came back over HTTP, before anything is made of it.
struct Answer {
    let status: Int
    let retryAfter: String?
    let code: String?
    let requestID: String?
    let body: [UInt8]

    /// The body of a 200; every other status is an error that says what the caller may do.
    ///
    /// 429 and 503 come with nothing done (contract §6). Any other 5xx, or a redirect, may be a
    /// proxy's word about a request that arrived.
    func value() throws(KaunterError) -> JSONValue {
        switch status {
        case 200:
            return try json()
        case 503 where code == "unknown_fate":
            throw .unknownFate(reason: "the server does not know whether it was stored")
        case 429, 503:
            throw .unavailable(retryAfterSeconds: retryAfterSeconds)
        case 400..<500:
            throw .refused(status: status, try errorReply(), code: code, requestID: requestID)
        default:
            throw .unknownFate(reason: "the server answered with status \(status)")
        }
    }

    /// The longest wait that is passed on: a day.
    static let maximumRetrySeconds = 86_400

    /// The header's seconds; its other form, a date, gives nil.
    private var retryAfterSeconds: Int? {
        guard let seconds = retryAfter.flatMap(Int.init), seconds >= 0 else { return nil }
        return min(seconds, Self.maximumRetrySeconds)
    }

    private func json() throws(KaunterError) -> JSONValue {
        do {
            return try JSONValue(parsing: body)
        } catch {
            throw .malformedReply(reason: "status \(status) with no JSON: \(error.reason)")
        }
    }

    private func errorReply() throws(KaunterError) -> ErrorReply {
        let json = try json()
        do {
            return try ErrorReply(json: json)
        } catch {
            throw .malformedReply(reason: "status \(status): \(error.reason)")
        }
    }
}
