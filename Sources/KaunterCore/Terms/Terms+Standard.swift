extension Terms {
    /// The terms of a new account: no fees; where money is real, deposits are held for one
    /// business day, so that a rail's contradiction comes before the merchant's payout.
    package static func standard(for service: String, isLive: Bool) -> Terms {
        var terms = Terms()
        if isLive, service != PayoutBank.service { terms.holdDays = 1 }
        return terms
    }

    /// Every service that an account has terms for.
    package static let services: [String] =
        Service.allCases.map(\.rawValue) + [PayoutBank.service]
}
