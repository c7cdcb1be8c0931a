/// What a merchant asks for when it creates a payment, read and checked as far as a message alone
/// can be; what depends on the account is checked by `PaymentTerms`.
package struct PaymentOrder: Sendable, Equatable {
    package let orderID: String
    package let amount: Money
    package let depositCode: DepositCode
    package let payer: Payer
    package let targets: Targets
    /// `desc`, cut to `Limits.descriptionCharacters`; nil when absent or "".
    package let description: String?
    /// Seconds within which the payer may start an attempt, within `Limits.lifetimeSeconds`.
    package let lifetimeSeconds: Int64

    package init(
        orderID: String, amount: Money, depositCode: DepositCode, payer: Payer, targets: Targets,
        description: String?, lifetimeSeconds: Int64
    ) {
        self.orderID = orderID
        self.amount = amount
        self.depositCode = depositCode
        self.payer = payer
        self.targets = targets
        self.description = description
        self.lifetimeSeconds = lifetimeSeconds
    }

    /// The person who pays: personal data, stored apart from the payment.
    package struct Payer: Sendable, Equatable {
        package let firstName: String
        package let lastName: String
        /// IPv4 or IPv6 text.
        package let ip: String
        /// The further fields of the request as JSON text, kept as sent.
        package let furtherFields: String

        package init(firstName: String, lastName: String, ip: String, furtherFields: String) {
            self.firstName = firstName
            self.lastName = lastName
            self.ip = ip
            self.furtherFields = furtherFields
        }
    }

    /// Where the payer and the news go. A URL wins over an id when both came.
    package struct Targets: Sendable, Equatable {
        package var successRedirectID: Int64?
        package var failRedirectID: Int64?
        package var notificationEndpointID: Int64?
        package var successRedirectURL: String?
        package var failRedirectURL: String?
        package var notificationEndpointURL: String?

        package init() {}
    }
}
