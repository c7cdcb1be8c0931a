package import KaunterCore
import KaunterRails

/// What this installation can carry, for those who ask before they order.
extension Engine {
    /// The services of payments that a rail of this installation serves.
    package var activeServices: Set<Service> { Set(rails.served.keys) }

    /// Whether a rail of this installation carries payouts.
    package var carriesPayouts: Bool { payoutRails.first != nil }
}
