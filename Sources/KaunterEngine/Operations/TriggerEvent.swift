package import Foundation
import KaunterCore
import KaunterRails

/// What `kaunter trigger` makes happen in a sandbox.
package enum TriggerEvent: String, Sendable, CaseIterable {
    case paymentPaid = "payment.paid"
    case paymentFail = "payment.fail"
    case paymentCancel = "payment.cancel"
    case paymentPartial = "payment.partial"
    case paymentOver = "payment.over"
    case paymentDouble = "payment.double"
    case paymentLate = "payment.late"
    case payoutPaid = "payout.paid"
    case payoutFail = "payout.fail"

    /// The account number that brings a payout to this end; nil for a payment.
    package var payoutNumber: String? {
        switch self {
        case .payoutPaid: "12345678901234"
        case .payoutFail: SimulatedPayoutRail.Fate.refused.rawValue + "5678901234"
        default: nil
        }
    }

    /// What the simulated payer does; nil for a payout.
    fileprivate var fate: SimulatedFate? {
        switch self {
        case .paymentPaid: .paid
        case .paymentFail: .fail
        case .paymentCancel: .cancel
        case .paymentPartial: .partial
        case .paymentOver: .over
        case .paymentDouble: .double
        case .paymentLate: .late
        case .payoutPaid, .payoutFail: nil
        }
    }

    /// Whether a payer of this first name acts by itself.
    package static func isPlayed(firstName: String) -> Bool {
        SimulatedFate(rawValue: firstName) != nil
    }
}

extension Engine {
    /// Has the simulated payer bring a payment to this end. In a sandbox only.
    package func play(_ event: TriggerEvent, of payment: UUID) async throws {
        guard let fate = event.fate else { return }
        try await play(fate, of: payment)
    }
}
