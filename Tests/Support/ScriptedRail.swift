package import KaunterCore
package import KaunterRails
import Synchronization

/// A rail that does what a test tells it, and remembers what it was asked.
package final class ScriptedRail: Rail {
    /// What the rail does with a call.
    package typealias Act = @Sendable (Attempt) async throws(RailFault) -> RailAnswer

    /// What the rail is to say, and what it was asked.
    private struct Script {
        var begin: Act?
        var enquire: Act?
        var begun: [Attempt] = []
        var enquired: [Attempt] = []
    }

    package let name: String
    package let services: [Service: ClosedRange<Money>]
    package let deadlineSeconds: Int64
    private let script = Mutex(Script())

    /// Serves all services but wallets, RM 1.00 to RM 30,000.00.
    package init(
        name: String = "scripted", deadlineSeconds: Int64 = 600,
        services: [Service] = [.onlineBanking, .qrCode]
    ) {
        self.name = name
        self.deadlineSeconds = deadlineSeconds
        self.services = Dictionary(
            uniqueKeysWithValues: services.map { ($0, Money.sen(100)...Money.sen(3_000_000)) })
    }

    /// From now on attempts begin like this.
    package func onBegin(_ act: @escaping Act) {
        script.withLock { $0.begin = act }
    }

    /// From now on enquiries are answered like this.
    package func onEnquire(_ act: @escaping Act) {
        script.withLock { $0.enquire = act }
    }

    /// From now on every enquiry is answered by this.
    package func onEnquire(always answer: Result<RailAnswer, RailFault>) {
        onEnquire { _ async throws(RailFault) in try answer.get() }
    }

    /// From now on every enquiry is answered by money: all that the attempt asked for.
    package func onEnquire(approveAs transaction: String) {
        onEnquire { attempt async throws(RailFault) in
            .approved(
                RailReceipt(
                    transaction: transaction, reference: attempt.reference,
                    minorUnits: attempt.amount.minorUnits, currency: "MYR"))
        }
    }

    /// The attempts that were brought here.
    package var begun: [Attempt] { script.withLock { $0.begun } }

    /// The attempts that were asked about.
    package var enquired: [Attempt] { script.withLock { $0.enquired } }

    package func begin(_ attempt: Attempt) async throws(RailFault) -> RailAnswer {
        let act = script.withLock { script -> Act? in
            script.begun.append(attempt)
            return script.begin
        }
        guard let act else { return .begun(Self.step(of: attempt)) }
        return try await act(attempt)
    }

    package func enquire(_ attempt: Attempt) async throws(RailFault) -> RailAnswer {
        let act = script.withLock { script -> Act? in
            script.enquired.append(attempt)
            return script.enquire
        }
        guard let act else { return .pending }
        return try await act(attempt)
    }

    /// Where the payer goes unless the script says something else.
    package static func step(of attempt: Attempt) -> Attempt.Step {
        .redirect(url: "https://bank.example/\(attempt.reference)")
    }

    /// Reads what `fields` wrote.
    package func read(
        _ message: RailMessage
    ) throws(RailFault) -> (reference: String, answer: RailAnswer) {
        let fields = message.fields
        guard let reference = fields["reference"] else { throw .notGenuine("no reference") }
        let receipt = RailReceipt(
            transaction: fields["transaction"] ?? "", reference: fields["repeated"] ?? reference,
            minorUnits: fields["sen"].flatMap { Int64($0) } ?? 0,
            currency: fields["currency"] ?? "MYR",
            payer: fields["payer"].map { RailPayer(bankCode: "MBB", number: $0, name: "Payer") })
        switch fields["kind"] {
        case "approved": return (reference, .approved(receipt))
        case "received": return (reference, .received(receipt))
        case "declined": return (reference, .declined(code: "51"))
        case "cancelled": return (reference, .cancelled)
        case "not_found": return (reference, .notFound)
        default: throw .notGenuine("no kind")
        }
    }

    /// The fields of a message of this rail, with further or other fields as a test wants them.
    package static func fields(
        _ kind: String, of attempt: Attempt, transaction: String = "T-1", sen: Int64? = nil,
        others: [String: String] = [:]
    ) -> [String: String] {
        let fields = [
            "kind": kind, "reference": attempt.reference, "transaction": transaction,
            "sen": String(sen ?? attempt.amount.minorUnits),
        ]
        return fields.merging(others) { _, other in other }
    }
}
