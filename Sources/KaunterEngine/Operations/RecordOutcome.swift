package import KaunterCore
import KaunterRails
import KaunterStorage

extension Engine {
    /// Takes a message that claims to come from a rail: verified by the rail, then decided and
    /// stored. When this returns, it is committed, and may be acknowledged.
    ///
    /// - Parameter fields: the message's form fields, as they came.
    /// - Returns: the payment that the message concerns.
    package func recordOutcome(
        of fields: [String: String], from railName: String
    ) async throws -> Payment {
        guard let rail = rails.rail(named: railName) else { throw Refusal.notFound("rail") }
        let reference: String
        let answer: RailAnswer
        do throws(RailFault) {
            (reference, answer) = try rail.read(RailMessage(fields: fields))
        } catch {
            throw Refusal.invalidFields(FieldErrors("message", "The message is not genuine."))
        }
        return try await record(answer, reference: reference, rail: railName)
    }

    /// Records what a rail said of an attempt, by message or when asked. Money under a reference
    /// that is none of ours is kept in suspense before the message is refused.
    func record(
        _ answer: RailAnswer, reference: String, rail: String
    ) async throws -> Payment {
        let known = try await reader.read { try $0.attempt(reference: reference) }
        guard let known, known.rail == rail else {
            try await suspend(answer, rail: rail)
            throw Refusal.notFound("attempt")
        }
        let payment = try await apply(.railAnswered(reference: reference, answer), rail: rail) {
            try $0.lockPayment(known.payment)
        }
        surroundings.reached(.outcomeRecorded)
        return payment
    }

    private func suspend(_ answer: RailAnswer, rail: String) async throws {
        switch answer {
        case .approved(let receipt), .received(let receipt):
            let now = now
            try await storage.write { writing in
                try writing.suspendUnknown(receipt, rail: rail, at: now)
            }
        case .begun, .declined, .cancelled, .pending, .notFound:
            return
        }
    }
}

extension Writing {
    /// Keeps money for no payment that we know, once, with what the rail said of it.
    fileprivate func suspendUnknown(_ receipt: RailReceipt, rail: String, at now: Moment) throws {
        let stored = try insert(receipt, contradicts: true, rail: rail, payment: nil, at: now)
        guard let stored else { return }
        let entry = SuspenseEntry(
            minorUnits: receipt.minorUnits, currency: receipt.currency, reason: .unknown)
        let id = try suspend(entry, payment: nil, receipt: stored.id, at: now)
        try bookSuspended(entry, id: id, payment: nil, rail: rail, at: now)
    }
}
