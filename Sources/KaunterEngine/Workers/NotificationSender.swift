import KaunterAPI
package import KaunterCore
import KaunterStorage

/// One request of a try to deliver, and what came of it.
package struct SentRequest: Sendable {
    package let request: OutgoingRequest
    /// Nil: none came, and `fault` says why.
    package let answer: OutgoingAnswer?
    /// A word for what went wrong, or "".
    package let fault: String
    package let startedAt: Moment
    /// Microseconds until the answer, or until it was given up.
    package let took: Int64

    /// The HTTP code of the answer, 0 if none came.
    package var code: Int { answer?.code ?? 0 }

    /// As it is kept: what may be a person's in the answer is masked.
    var kept: DeliveryTry {
        DeliveryTry(
            startedAt: startedAt, took: took, method: request.method, url: request.url,
            sentHeaders: Self.json(request.fields.map { ($0.name, $0.value) }),
            sentBody: request.text, code: code, fault: fault,
            answerHeaders: Self.json((answer?.keptHeaders ?? []).map { ($0.name, $0.value) }),
            answerBody: answer?.keptBody ?? "")
    }

    private static func json(_ fields: [(String, String)]) -> String {
        JSONValue.array(fields.map { .array([.string($0.0), .string($0.1)]) }).text
    }
}

/// How a try to deliver went.
package struct SendResult: Sendable {
    /// The HTTP code of the answer, 0 if none came.
    private(set) package var code: Int
    /// A word for what went wrong, or "".
    package let fault: String
    /// What the receiver asked for by `Retry-After`.
    var retryAfterSeconds: Int64?
    /// What to remember of this address: set when another method than the first one worked.
    var learned: NotificationMethod?
    /// What was sent, in order.
    package var requests: [SentRequest] = []

    /// Any 2xx is an acceptance; everything else, a redirect included, is not (contract §4).
    package var isAccepted: Bool { (200...299).contains(code) }

    init(code: Int, fault: String) {
        self.code = code
        self.fault = fault
    }

    /// Whatever was answered, it is to count as this refusal: a fault that a sandbox plays.
    mutating func countAsRefused(code: Int) {
        self.code = code
        learned = nil
    }

    init(_ sent: SentRequest, of requests: [SentRequest]) {
        self.init(code: sent.code, fault: sent.fault)
        self.retryAfterSeconds = sent.answer?.retryAfterSeconds
        self.requests = requests
    }
}

/// Sends notifications, in the way that the receiver wants them.
struct NotificationSender {
    let http: any OutgoingHTTP
    let surroundings: Surroundings
    let signer: WebhookSigner

    /// Sends a notification, without `sign` where that is nil. A `get` endpoint that answers 404 or
    /// 405 is tried once more at once by POST, with the same query and the JSON body; and the other
    /// way round, where POST is what was learned (contract §4). Both tries share one time-out, so
    /// that a lease outlasts them.
    ///
    /// What is measured here, and what a receiver compares with its own clock, goes by the clock
    /// outside: a sandbox's may be days ahead, and jumps.
    func send(
        _ message: NotificationMessage, sign: String?, to url: String,
        by method: NotificationMethod, isLearned: Bool
    ) async -> SendResult {
        let end = surroundings.outside().adding(seconds: Limits.notificationTimeoutSeconds)
        switch method {
        case .postForm:
            let sent = await send(.form(message.form(sign: sign)), to: url, until: end)
            return SendResult(sent, of: [sent])
        case .postJSON where !isLearned:
            let sent = await send(.json(message.jsonBody(sign: sign)), to: url, until: end)
            return SendResult(sent, of: [sent])
        case .get, .postJSON:
            let address = url.appending(query: message.query(sign: sign))
            let json = OutgoingRequest.Body.json(message.jsonBody(sign: sign))
            let isGetFirst = method == .get
            let first = await send(isGetFirst ? .none : json, to: address, until: end)
            guard first.code == 404 || first.code == 405 else {
                return SendResult(first, of: [first])
            }
            let second = await send(isGetFirst ? json : .none, to: address, until: end)
            var result = SendResult(second, of: [first, second])
            guard result.isAccepted else { return SendResult(first, of: [first, second]) }
            result.learned = isGetFirst ? .postJSON : .get
            return result
        }
    }

    private func send(
        _ body: OutgoingRequest.Body, to url: String, until end: Moment
    ) async -> SentRequest {
        let startedAt = surroundings.now()
        let start = surroundings.outside()
        let left = end.microseconds - start.microseconds
        var request = OutgoingRequest(
            url: url, body: body, traceparent: Trail.current?.trace.traceparent)
        var (answer, fault) = (OutgoingAnswer?.none, "")
        do throws(OutgoingFault) {
            request = OutgoingRequest(
                url: url, body: body, traceparent: request.traceparent,
                webhook: try signer.headers(of: body, to: url, at: start))
            answer = try await http.send(request, within: Double(left) / 1_000_000)
        } catch {
            fault = error.rawValue
        }
        return SentRequest(
            request: request, answer: answer, fault: fault, startedAt: startedAt,
            took: surroundings.outside().microseconds - start.microseconds)
    }
}
