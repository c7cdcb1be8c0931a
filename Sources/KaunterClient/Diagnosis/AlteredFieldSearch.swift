import Foundation
import KaunterAPI

/// Looks for one altered field, or two, by trying the values that are likely there, and for an
/// altered amount by trying them all.
struct AlteredFieldSearch {
    let search: SignedTextSearch

    /// Amounts that are tried: each one below RM 1,000.00.
    static let amountsTried = 100_000
    private static let amounts = ["amount", "payment_amount", "commission_amount"]

    /// A field and the value that would be genuine in it.
    private typealias Change = (name: String, value: JSONValue)

    /// The fields that were altered; else that something was, which can't be known.
    func mistakes() -> [Mistake] {
        guard let values = search.values(.standard) ?? search.values(.latin1) else {
            return [Self.unknown]
        }
        let lists = FieldList.candidates(search.kind, search.capture)
            .filter { $0.format != nil }.map(\.names)
        let changes = likely(values)
        for list in lists {
            for change in changes where fits(list, values, [change]) {
                return [Self.mistake(change)]
            }
        }
        for list in lists {
            for (index, first) in changes.enumerated() {
                for second in changes[..<index] where second.name != first.name {
                    if fits(list, values, [first, second]) {
                        return [Self.mistake(second), Self.mistake(first)]
                    }
                }
            }
        }
        for list in lists {
            if let change = amount(list, values) { return [Self.mistake(change)] }
        }
        return [Self.unknown]
    }

    private func fits(
        _ list: [String], _ values: [String: JSONValue], _ changes: [Change]
    ) -> Bool {
        var values = values
        for change in changes { values[change.name] = change.value }
        guard let members = FieldList(names: list).members({ values[$0] }) else { return false }
        return search.opened.isOver(SignedTextStyle.php.text(of: members))
    }

    /// Values that may have stood there, by field.
    private func likely(_ values: [String: JSONValue]) -> [Change] {
        let words: [String: [String]] = [
            "type": ["payment", "payout"], "payment_status": ["paid", "cancel", "fail", "wait"],
            "is_partial_payment": ["0", "1"],
            "service": [
                "online_banking_myr_hpp", "qr_code_myr_hpp", "e_wallet_myr_hpp",
                "online_banking_myr",
            ],
        ]
        let sums = Self.amounts.compactMap { values[$0]?.stringValue.map(Self.twoDecimals) }
        var changes: [Change] = [("desc", .null), ("desc", .string("")), (FieldList.later, "0.00")]
        for (name, value) in values {
            let text = value.stringValue ?? value.numberText ?? ""
            let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
            var others = (words[name] ?? []) + [trimmed]
            if Self.amounts.contains(name) { others += sums + ["0.00"] }
            if name == "account" || name == "order_id" || name == "uuid" {
                others += [text.lowercased(), text.uppercased()]
            }
            if name == "id", let number = Int64(trimmed) { others.append(String(number)) }
            changes += others.filter { $0 != text }.map {
                (name, SignedTextSearch.value(name, $0))
            }
        }
        return changes
    }

    /// An amount in the protocol's form, with a decimal point and two decimals.
    private static func twoDecimals(_ text: String) -> String {
        let point = text.replacingOccurrences(of: ",", with: text.contains(".") ? "" : ".")
        let parts = point.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= 2 else { return text }
        let decimals = (parts.count == 2 ? String(parts[1]) : "") + "00"
        return "\(whole).\(decimals.prefix(2))"
    }

    /// The one amount that would be genuine. Only its digits change in the text, so that the rest
    /// is written once.
    private func amount(_ list: [String], _ values: [String: JSONValue]) -> Change? {
        for name in Self.amounts where list.contains(name) {
            var marked = values
            let mark = "\u{1}"
            marked[name] = .string(mark)
            guard let members = FieldList(names: list).members({ marked[$0] }) else { continue }
            let text = SignedTextStyle.php.text(of: members)
            let escape = Array("\\u0001".utf8)
            guard let place = text.firstRange(of: escape) else { continue }
            let front = Array(text[..<place.lowerBound])
            let back = text[place.upperBound...]
            for sen in 0..<Self.amountsTried {
                let cents = sen % 100
                let digits = "\(sen / 100).\(cents < 10 ? "0" : "")\(cents)"
                if search.opened.isOver(front + digits.utf8 + back) {
                    return (name, .string(digits))
                }
            }
        }
        return nil
    }

    private static func mistake(_ change: Change) -> Mistake {
        let value = change.value.isNull ? "null" : change.value.stringValue ?? change.value.text
        return Mistake(
            step: .field, code: "altered",
            sentence: "\(change.name) was altered: genuine if it were \(value)",
            field: change.name, genuineValue: value)
    }

    /// Something was altered, and it can't be known what.
    static let unknown = Mistake(
        step: .field, code: "unknown",
        sentence: "the key made the signature, but over other values: at least one field was "
            + "altered, added or lost")
}
