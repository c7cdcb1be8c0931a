/// Who gets a payout: personal data, stored apart from it.
package struct Payee: Sendable, Equatable {
    package let firstName: String
    package let lastName: String
    /// The account number: digits only.
    package let number: String
    /// The further fields of the request as JSON text, kept as sent.
    package let furtherFields: String

    package init(firstName: String, lastName: String, number: String, furtherFields: String) {
        self.firstName = firstName
        self.lastName = lastName
        self.number = number
        self.furtherFields = furtherFields
    }
}
