import KaunterAPI
import KaunterCore
import KaunterEngine

/// A merchant's server, and what is the matter with it.
struct SimulatedReceiver {
    /// How it takes what comes.
    enum Manner: CaseIterable {
        case healthy
        case flaky
        case postOnly
        case dead
        case redirecting
    }

    let manner: Manner
    /// Until then nobody answers.
    let downUntil: Moment
}

/// The merchants' servers as one process reaches them.
struct SimulatedHTTP: OutgoingHTTP {
    let world: World
    let life: Life

    func send(
        _ request: OutgoingRequest, within seconds: Double
    ) async throws(OutgoingFault) -> OutgoingAnswer {
        let code = try await world.receive(request, within: seconds)
        await world.pauseSometimes(life)
        return OutgoingAnswer(code: code)
    }
}

extension World {
    /// Draws the servers of this life.
    func openReceivers() {
        for _ in 0..<4 {
            let hours = chance.weighted([(Int64(0), 6), (2, 2), (30, 1)])
            receivers.append(
                SimulatedReceiver(
                    manner: chance.weighted([
                        (.healthy, 5), (.flaky, 5), (.postOnly, 2), (.dead, 1), (.redirecting, 1),
                    ]),
                    downUntil: now.adding(seconds: hours * 3_600)))
        }
    }

    /// A request arrives at a server, or doesn't.
    func receive(
        _ request: OutgoingRequest, within seconds: Double
    ) async throws(OutgoingFault) -> Int {
        checkWebhook(of: request)
        let number = request.url.split(separator: ".").first?.last?.wholeNumberValue ?? 0
        let receiver = receivers[min(number, receivers.count - 1)]
        let patience = Int64(max(0, seconds) * 1_000)
        if now < receiver.downUntil {
            await pass(milliseconds: min(50, patience))
            see("receiver down")
            throw .unreachable
        }
        await pass(milliseconds: chance.within(10...900))
        switch receiver.manner {
        case .healthy: return hear(request, answer: 200)
        case .redirecting: return hear(request, answer: 302)
        case .postOnly: return request.body == .none ? 405 : hear(request, answer: 204)
        case .dead:
            await pass(milliseconds: patience)
            throw .timeout
        case .flaky: return try await hearBadly(request, patience: patience)
        }
    }

    private func hearBadly(
        _ request: OutgoingRequest, patience: Int64
    ) async throws(OutgoingFault) -> Int {
        switch chance.pick(["yes", "yes", "no", "late", "hangs", "yes, but"]) {
        case "yes": return hear(request, answer: 202)
        case "no": return 500
        case "late":
            await pass(milliseconds: patience / 2)
            return hear(request, answer: 200)
        case "hangs":
            await pass(milliseconds: patience)
            throw .timeout
        default:
            // It has it, and says something else.
            return hear(request, answer: 503)
        }
    }

    /// A server reads a notification, checks its signature, and compares it with what is true.
    private func hear(_ request: OutgoingRequest, answer: Int) -> Int {
        let signed: SignedNotification
        do {
            signed =
                switch request.body {
                case .none:
                    try SignedNotification(
                        query: String(request.url.split(separator: "?").last ?? ""))
                case .form(let text): try SignedNotification(form: text)
                case .json(let text):
                    try SignedNotification(json: JSONValue(parsing: Array(text.utf8)))
                }
        } catch {
            report(.toldTruly, "a notification that can't be read: \(error)")
            return answer
        }
        checkSignature(of: signed)
        checkFacts(of: signed.message)
        let isAccepted = (200...299).contains(answer)
        let id = signed.message.id
        note("payment \(id) is told as \(signed.message.paymentStatus): \(answer)")
        let isKnown = books.told[id]?.contains(where: \.isAccepted) ?? false
        if isAccepted, isKnown { see("told twice") }
        books.told[id, default: []].append(
            Books.Told(facts: signed.message.signedText, isAccepted: isAccepted))
        return answer
    }
}
