/// A payment order as far as it could be read: what is nil was absent or wrong, and the reader
/// knows which.
package struct PaymentOrderDraft: Sendable {
    package var orderID: String?
    package var amount: Money?
    package var service: Service?
    package var depositCode: DepositCode?
    package var firstName: String?
    package var lastName: String?
    package var ip: String?
    package var targets = PaymentOrder.Targets()
    package var description: String?
    package var lifetimeSeconds = Limits.lifetimeDefaultSeconds
    /// The further fields as JSON text.
    package var furtherFields = "{}"

    package init() {}

    /// The order, if every required part could be read.
    package var order: PaymentOrder? {
        guard let orderID, let amount, let depositCode, let firstName, let lastName, let ip else {
            return nil
        }
        let payer = PaymentOrder.Payer(
            firstName: firstName, lastName: lastName, ip: ip, furtherFields: furtherFields)
        return PaymentOrder(
            orderID: orderID, amount: amount, depositCode: depositCode, payer: payer,
            targets: targets, description: description, lifetimeSeconds: lifetimeSeconds)
    }
}
