/// A bank or wallet that payouts can go to.
package struct PayoutBank: Sendable, Hashable {
    /// The text of `customer_code`.
    package let code: String
    package let name: String
    /// ISO 9362.
    package let bic: String
    /// The usual lengths of its account numbers: another is only warned about. Empty: not known.
    package let usualDigits: ClosedRange<Int>?
    /// Whether it is in the mandated document's table, so that a merchant may name it.
    package let isOffered: Bool

    package init(
        code: String, name: String, bic: String, usualDigits: ClosedRange<Int>?, isOffered: Bool
    ) {
        self.code = code
        self.name = name
        self.bic = bic
        self.usualDigits = usualDigits
        self.isOffered = isOffered
    }

    /// The service under which payouts are asked for.
    package static let service = "payment_card_myr"
}
