extension Payment {
    /// The fields by which `order` differs from what this payment was created with, by the names of
    /// the merchant API; what is not compared here may change from one sending to the next
    /// (contract §1.1, "Repeats").
    package func differences(from order: PaymentOrder) -> [String] {
        let others = order.targets
        let compared: [(field: String, same: Bool)] = [
            ("amount", amount == order.amount),
            ("service", depositCode.service == order.depositCode.service),
            ("customer_code", depositCode.code == order.depositCode.code),
            ("success_redirect_id", targets.successRedirectID == others.successRedirectID),
            ("fail_redirect_id", targets.failRedirectID == others.failRedirectID),
            (
                "notification_endpoint_id",
                targets.notificationEndpointID == others.notificationEndpointID
            ),
            ("success_redirect_url", targets.successRedirectURL == others.successRedirectURL),
            ("fail_redirect_url", targets.failRedirectURL == others.failRedirectURL),
            (
                "notification_endpoint_url",
                targets.notificationEndpointURL == others.notificationEndpointURL
            ),
        ]
        return compared.filter { !$0.same }.map(\.field)
    }
}
