/// What an account, an installation and its rails allow of payouts, for the checks that a message
/// alone can't decide. Gathered in the transaction that relies on them.
package struct PayoutTerms: Sendable {
    /// The amounts that the rail takes; nil when no rail of this installation carries payouts.
    package let amounts: ClosedRange<Money>?
    package let terms: Terms
    /// Endpoint ids of the order that are the account's own.
    package let endpoints: Set<Int64>
    /// Whether plain `http` will do for notifications: in the sandbox only.
    package let allowsPlainNotifications: Bool

    package init(
        amounts: ClosedRange<Money>?, terms: Terms, endpoints: Set<Int64>,
        allowsPlainNotifications: Bool
    ) {
        self.amounts = amounts
        self.terms = terms
        self.endpoints = endpoints
        self.allowsPlainNotifications = allowsPlainNotifications
    }

    /// Everything in `draft` that these terms refuse. Fields that could not be read are passed
    /// over: what is wrong with them is known already.
    package func faults(of draft: PayoutOrderDraft) -> FieldErrors {
        var errors = FieldErrors()
        if let amounts {
            check(draft.amount, within: amounts, &errors)
        } else if draft.isServiceKnown {
            errors.add("service", "The selected service is inactive.")
        }
        if let id = draft.targets.notificationEndpointID, !endpoints.contains(id) {
            errors.add(
                "notification_endpoint_id", "The selected notification_endpoint_id is invalid.")
        }
        if let url = draft.targets.notificationEndpointURL, !allowsPlainNotifications,
            case .success(let address) = WebAddress.parse(url), !address.isSecure
        {
            errors.add(
                "notification_endpoint_url", "The notification_endpoint_url must use https.")
        }
        return errors
    }

    private func check(
        _ amount: Money?, within rails: ClosedRange<Money>, _ errors: inout FieldErrors
    ) {
        guard let amount else { return }
        let least = max(rails.lowerBound, terms.minAmount ?? rails.lowerBound)
        let most = min(rails.upperBound, terms.maxAmount ?? rails.upperBound)
        if amount < least {
            errors.add("amount", "The amount must be at least \(least.decimal()).")
        }
        if amount > most {
            errors.add("amount", "The amount may not be greater than \(most.decimal()).")
        }
    }
}
