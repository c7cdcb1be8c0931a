/// What a merchant asks for when it creates a payout, read and checked as far as a message alone
/// can be.
package struct PayoutOrder: Sendable, Equatable {
    package let orderID: String
    package let amount: Money
    package let bank: PayoutBank
    package let payee: Payee
    package let targets: Payout.Targets
    /// `desc`, cut to `Limits.descriptionCharacters`; nil when absent or "".
    package let description: String?

    package init(
        orderID: String, amount: Money, bank: PayoutBank, payee: Payee, targets: Payout.Targets,
        description: String?
    ) {
        self.orderID = orderID
        self.amount = amount
        self.bank = bank
        self.payee = payee
        self.targets = targets
        self.description = description
    }
}

/// A payout order as far as it could be read: what is nil was absent or wrong, and the reader
/// knows which.
package struct PayoutOrderDraft: Sendable {
    package var orderID: String?
    package var amount: Money?
    /// Whether the service was read: there is but one.
    package var isServiceKnown = false
    package var bank: PayoutBank?
    package var number: String?
    package var firstName: String?
    package var lastName: String?
    package var targets = Payout.Targets()
    package var description: String?
    /// The further fields as JSON text.
    package var furtherFields = "{}"

    package init() {}

    /// The order, if every required part could be read.
    package var order: PayoutOrder? {
        guard isServiceKnown, let orderID, let amount, let bank, let number, let firstName,
            let lastName
        else { return nil }
        return PayoutOrder(
            orderID: orderID, amount: amount, bank: bank,
            payee: Payee(
                firstName: firstName, lastName: lastName, number: number,
                furtherFields: furtherFields),
            targets: targets, description: description)
    }
}

extension Payee {
    /// Digits of an account number (contract §1.4).
    package static let numberDigits = 5...20

    /// The account number that a merchant's text names: digits, after spaces and hyphens are
    /// dropped; nil if it is none.
    package static func number(_ text: String) -> String? {
        let digits = text.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }
        guard numberDigits.contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return String(decoding: digits, as: UTF8.self)
    }
}

extension Payout {
    /// The fields by which `order` differs from what this payout was created with, by the names of
    /// the merchant API (contract §1.1, "Repeats").
    ///
    /// - Parameter payee: who gets this payout, as it is stored.
    package func differences(from order: PayoutOrder, payee: Payee) -> [String] {
        let compared: [(field: String, same: Bool)] = [
            ("amount", amount == order.amount),
            ("number", payee.number == order.payee.number),
            ("customer_code", bank.code == order.bank.code),
            ("customer_first_name", payee.firstName == order.payee.firstName),
            ("customer_last_name", payee.lastName == order.payee.lastName),
            (
                "notification_endpoint_id",
                targets.notificationEndpointID == order.targets.notificationEndpointID
            ),
            (
                "notification_endpoint_url",
                targets.notificationEndpointURL == order.targets.notificationEndpointURL
            ),
        ]
        return compared.filter { !$0.same }.map(\.field)
    }
}
