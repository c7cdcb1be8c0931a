import KaunterAPI

/// A list of fields that may be what was signed, in an order.
struct FieldList: Sendable, Equatable {
    let names: [String]
    /// `current` or `older` for the lists that the protocol knows.
    var format: String?
    var mistake: Mistake?

    /// The eleven fields of a notification (contract §4).
    static let notification = [
        "type", "id", "order_id", "payment_status", "amount", "payment_amount",
        "commission_amount", "is_partial_payment", "account", "service", "desc",
    ]
    static let redirect = ["order_id", "uuid"]
    /// It was not in the list when that was first given out.
    static let later = "commission_amount"

    /// The lists to try, the known ones first.
    static func candidates(_ kind: Diagnosis.Kind, _ capture: Capture) -> [FieldList] {
        let known = kind == .redirect ? redirect : notification
        let captured = capture.fields.map(\.name).filter { $0 != "sign" }
        var lists = [FieldList(names: known, format: "current")]
        if kind == .notification {
            let older = known.filter { $0 != later }
            let isThere = captured.contains(later)
            let surplus = Mistake(
                step: .field, code: "not_signed",
                sentence: "the signature is over the older list of fields, without \(later): "
                    + "genuine if that is left out", field: later)
            lists.append(
                FieldList(names: older, format: "older", mistake: isThere ? surplus : nil))
        }
        let others = [
            ("as_captured", captured), ("alphabetical", known.sorted()),
            ("alphabetical", known.filter(captured.contains).sorted()),
            ("alphabetical", captured.sorted()),
            ("absent_left_out", known.filter(captured.contains)),
            ("as_captured", captured.filter(known.contains)),
            ("reversed", known.reversed()),
        ]
        for (code, names) in others where !lists.contains(where: { $0.names == names }) {
            lists.append(FieldList(names: names, mistake: Self.order(code, names)))
        }
        return lists
    }

    private static func order(_ code: String, _ names: [String]) -> Mistake {
        let sentence =
            switch code {
            case "absent_left_out": "absent fields were left out of the signed text, not null"
            case "alphabetical": "the fields were signed in alphabetical order"
            case "reversed": "the fields were signed in reversed order"
            default: "the fields were signed in the order of the capture"
            }
        return Mistake(
            step: .order, code: code,
            sentence: "\(sentence): \(names.joined(separator: ", "))")
    }

    /// The members of the signed text; nil if a value is not to be had.
    func members(_ value: (String) -> JSONValue?) -> [(name: String, value: JSONValue)]? {
        var members: [(name: String, value: JSONValue)] = []
        for name in names {
            guard let value = value(name) else { return nil }
            members.append((name, value))
        }
        return members
    }
}
