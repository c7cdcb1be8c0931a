/// What an account, an installation and its rails allow, for the checks that a message alone can't
/// decide. Gathered in the transaction that relies on them.
package struct PaymentTerms: Sendable {
    /// Services that some rail of this installation serves, each with the amounts it takes.
    package let served: [Service: ClosedRange<Money>]
    /// Redirect ids of the order that are the account's own.
    package let redirects: Set<Int64>
    /// Endpoint ids of the order that are the account's own.
    package let endpoints: Set<Int64>
    /// Whether plain `http` will do for notifications: in the sandbox only.
    package let allowsPlainNotifications: Bool
    /// The account's own for the service; nil where it has none.
    package let terms: Terms?

    package init(
        served: [Service: ClosedRange<Money>], redirects: Set<Int64>, endpoints: Set<Int64>,
        allowsPlainNotifications: Bool, terms: Terms? = nil
    ) {
        self.served = served
        self.redirects = redirects
        self.endpoints = endpoints
        self.allowsPlainNotifications = allowsPlainNotifications
        self.terms = terms
    }

    /// Everything in `draft` that these terms refuse. Fields that could not be read are passed
    /// over: what is wrong with them is known already.
    package func faults(of draft: PaymentOrderDraft) -> FieldErrors {
        var errors = FieldErrors()
        if let service = draft.service {
            if let amounts = served[service] {
                check(draft.amount, within: amounts, &errors)
            } else {
                errors.add("service", "The selected service is inactive.")
            }
        }
        let targets = draft.targets
        check(targets.successRedirectID, in: redirects, "success_redirect_id", &errors)
        check(targets.failRedirectID, in: redirects, "fail_redirect_id", &errors)
        check(targets.notificationEndpointID, in: endpoints, "notification_endpoint_id", &errors)
        if let url = targets.notificationEndpointURL, !allowsPlainNotifications,
            case .success(let address) = WebAddress.parse(url), !address.isSecure
        {
            errors.add(
                "notification_endpoint_url", "The notification_endpoint_url must use https.")
        }
        return errors
    }

    /// The rail's bounds, and the account's own where they are narrower.
    private func check(
        _ amount: Money?, within amounts: ClosedRange<Money>, _ errors: inout FieldErrors
    ) {
        guard let amount else { return }
        let least = max(amounts.lowerBound, terms?.minAmount ?? amounts.lowerBound)
        let most = min(amounts.upperBound, terms?.maxAmount ?? amounts.upperBound)
        if amount < least {
            errors.add("amount", "The amount must be at least \(least.decimal()).")
        }
        if amount > most {
            errors.add("amount", "The amount may not be greater than \(most.decimal()).")
        }
    }

    private func check(
        _ id: Int64?, in known: Set<Int64>, _ field: String, _ errors: inout FieldErrors
    ) {
        guard let id, !known.contains(id) else { return }
        errors.add(field, "The selected \(field) is invalid.")
    }
}
