package import Foundation
import KaunterAPI
package import KaunterCore
package import KaunterEngine
import KaunterRails
import KaunterStorage
import Synchronization

extension EngineHouse {
    /// What a test has left out.
    package struct Missing: Error {
        package let what: String
    }

    /// Creates a payment and returns the answer as it goes to the merchant.
    package func answer(to draft: PaymentOrderDraft) async throws -> String {
        guard let order = draft.order else { throw Missing(what: "a field of the order") }
        return try await engine.createPayment(order, draft: draft, for: account)
    }

    /// Creates a payment and returns it as it is stored.
    package func create(_ draft: PaymentOrderDraft = .sample()) async throws -> Payment {
        let reply = try CreatePaymentReply(
            json: JSONValue(parsing: Array(try await answer(to: draft).utf8)))
        guard let uuid = UUID(uuidString: reply.uuid) else { throw Missing(what: "a uuid") }
        return try await stored(uuid)
    }

    /// The payment as it is stored now.
    package func stored(_ uuid: UUID) async throws -> Payment {
        guard let payment = try await engine.reader.read({ try $0.payment(uuid: uuid) }) else {
            throw Missing(what: "the payment")
        }
        return payment
    }

    /// A payment's attempts as they are stored now.
    package func attempts(of payment: Payment) async throws -> [Attempt] {
        try await engine.reader.read { try $0.attempts(of: payment.id) }
    }

    /// What lies in suspense for a payment.
    package func suspense(of payment: Payment) async throws -> [SuspenseEntry] {
        try await engine.reader.read { try $0.suspense(of: payment.id) }
    }

    /// Creates a payment and begins its first attempt.
    package func createWithAttempt(
        _ draft: PaymentOrderDraft = .sample()
    ) async throws -> (payment: Payment, attempt: Attempt) {
        let payment = try await create(draft)
        let attempt = try await engine.beginAttempt(
            of: payment.uuid, with: payment.depositCode.code)
        return (payment, attempt)
    }

    /// Sends a message of the scripted rail, and returns the payment as it is then.
    @discardableResult
    package func hear(
        _ kind: String, of attempt: Attempt, transaction: String = "T-1", sen: Int64? = nil,
        others: [String: String] = [:]
    ) async throws -> Payment {
        let fields = ScriptedRail.fields(
            kind, of: attempt, transaction: transaction, sen: sen, others: others)
        return try await engine.recordOutcome(of: fields, from: rail.name)
    }

    /// One turn of a worker at the clock's moment; what it spawns is over when this returns.
    @discardableResult
    package func turn(_ worker: some Worker, at now: Moment? = nil) async throws -> Moment? {
        let spawned = SpawnedWork()
        let next = try await worker.turn(now: now ?? clock.now) { spawned.add($0) }
        await withTaskGroup(of: Void.self) { group in
            for work in spawned.all { group.addTask { await work() } }
        }
        return next
    }
}

/// What a worker's turn wants to be run.
private final class SpawnedWork: Sendable {
    private let works = Mutex<[@Sendable () async -> Void]>([])

    var all: [@Sendable () async -> Void] { works.withLock { $0 } }

    func add(_ work: @escaping @Sendable () async -> Void) {
        works.withLock { $0.append(work) }
    }
}
