/// `wait`, then one final status that never changes (contract §3).
package enum PaymentStatus: String, Sendable, CaseIterable {
    case wait
    case paid
    /// The payer gave up, or the time ran out.
    case cancel
    /// Refused, or an error.
    case fail

    package var isFinal: Bool { self != .wait }
}
