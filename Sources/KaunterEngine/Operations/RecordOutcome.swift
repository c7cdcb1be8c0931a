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

    /// Records what a rail said of an attempt, by message or when asked.
    func record(
        _ answer: RailAnswer, reference: String, rail: String
    ) async throws -> Payment {
        try await apply(.railAnswered(reference: reference, answer), rail: rail) { writing in
            guard let attempt = try writing.reading.attempt(reference: reference),
                attempt.rail == rail
            else { return nil }
            return try writing.lockPayment(attempt.payment)
        }
    }
}
