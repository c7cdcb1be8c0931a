import KaunterAPI
import KaunterCore

/// Which payment or payout a merchant asks about (contract §1.2, §1.5).
struct StatusQuery {
    let id: Int64?
    let orderID: String?

    /// Reads `order_id`, `id`, or both; neither is a refusal.
    init(_ body: JSONObject) throws {
        var fields = FieldReader(body)
        id = fields.integer("id")
        orderID =
            fields.value("order_id") == nil
            ? nil : fields.requiredTextOrNumber("order_id", atMost: Limits.orderIDCharacters)
        if fields.value("order_id") == nil, fields.value("id") == nil {
            fields.refuse("order_id", "The order_id field is required when id is not present.")
            fields.refuse("id", "The id field is required when order_id is not present.")
        }
        if !fields.errors.isEmpty { throw Refusal.invalidFields(fields.errors) }
    }
}

/// Which page of a history a merchant asks for (contract §1.3).
struct HistoryQuery {
    let from: MalaysianDay?
    let to: MalaysianDay?
    let page: Int64
    let size: Int

    /// Reads `date_from`, `date_to`, `page` and `paginate`, all optional.
    init(_ body: JSONObject) throws {
        var fields = FieldReader(body)
        from = fields.day("date_from")
        to = fields.day("date_to")
        page = fields.number("page", within: Limits.historyPages, default: 1)
        let sizes =
            Int64(Limits.historyPageSize.lowerBound)...Int64(Limits.historyPageSize.upperBound)
        size = Int(
            fields.number(
                "paginate", within: sizes, default: Int64(Limits.historyPageSizeDefault)))
        if !fields.errors.isEmpty { throw Refusal.invalidFields(fields.errors) }
    }
}

extension FieldReader {
    fileprivate mutating func day(_ field: String) -> MalaysianDay? {
        guard let value = value(field) else { return nil }
        guard let day = value.stringValue.flatMap({ MalaysianDay($0) }) else {
            refuse(field, "The \(field) must be a date of the form YYYY-MM-DD.")
            return nil
        }
        return day
    }

    fileprivate mutating func number(
        _ field: String, within range: ClosedRange<Int64>, default standard: Int64
    ) -> Int64 {
        guard value(field) != nil, let number = integer(field) else { return standard }
        guard range.contains(number) else {
            refuse(
                field, "The \(field) must be between \(range.lowerBound) and \(range.upperBound).")
            return standard
        }
        return number
    }
}
