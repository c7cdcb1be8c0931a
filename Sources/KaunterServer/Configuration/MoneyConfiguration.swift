import KaunterAPI
package import KaunterCore

/// What the house reckons with.
package struct MoneyConfiguration: Sendable, Equatable {
    /// The service tax that is included in fees.
    package var serviceTax = Percentage.zero
    /// Days on which Malaysia's banks don't settle, beside Saturdays and Sundays.
    package var holidays: Set<MalaysianDay> = []
    /// Payouts of more than that need a second operator in a live store; nil: none does.
    package var approvalAbove: Money?
    /// Banks beyond the mandated table that merchants may pay out to.
    package var furtherBanks: Set<String> = []

    mutating func read(_ reader: inout SectionReader) {
        if let text = reader.text("service_tax_percent", nil) {
            if let parsed = Percentage(text) {
                serviceTax = parsed
            } else {
                reader.refuse("service_tax_percent", "must be a text such as \"8\" or \"6.5\"")
            }
        }
        for text in reader.texts("holidays") {
            if let day = MalaysianDay(text) {
                holidays.insert(day)
            } else {
                reader.refuse("holidays", "has \(text), which is no date as 2026-08-31")
            }
        }
        if let text = reader.text("payout_approval_above", nil) {
            if let parsed = try? Amount.parse(text) {
                approvalAbove = parsed
            } else {
                reader.refuse("payout_approval_above", "must be an amount such as \"50000.00\"")
            }
        }
        for code in reader.texts("further_payout_banks") {
            if let bank = Catalogue.payoutBank(code), !bank.isOffered {
                furtherBanks.insert(code)
            } else {
                let codes = Catalogue.payoutBanks.filter { !$0.isOffered }.map(\.code)
                reader.refuse(
                    "further_payout_banks",
                    "has \(code); known are \(codes.joined(separator: ", "))")
            }
        }
    }

    /// What a live house should mend, although it can run: without holidays, holds end on days on
    /// which no bank settles.
    package func warnings(at surroundings: Surroundings) -> [String] {
        let year = surroundings.now().malaysianText.prefix(4)
        let isKept = holidays.contains { $0.start.malaysianText.prefix(4) == year }
        return isKept ? [] : ["money.holidays has no day of \(year)."]
    }

    static let example = JSONValue.object(
        JSONObject(
            members: setting(
                "service_tax_percent", "0",
                "The service tax that is included in our fees, as a text such as 8 or 6.5.")
                + setting(
                    "holidays", .array([]),
                    "Days on which banks don't settle, beside Saturdays and Sundays, each as "
                        + "2026-08-31: they are proclaimed year by year. Holds are counted in "
                        + "business days.")
                + setting(
                    "payout_approval_above", nil,
                    "In a live store, payouts of more than this amount, such as 50000.00, wait "
                        + "for an operator. Null: none does.")
                + setting(
                    "further_payout_banks", .array([]),
                    "Codes of banks beyond the published table that merchants may pay out to, "
                        + "such as MBB or CIMB.")))
}
