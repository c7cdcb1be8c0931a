import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

/// The books for accountants, and for whoever wants to check them.
extension ControlDesk {
    /// Lines of a statement: who has more asks for fewer days.
    private static let linesAtMost = 50_000

    func statement(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        let from = fields.requiredDay("from")
        let to = fields.requiredDay("to")
        try fields.check()
        guard let account, let from, let to else { throw Refusal.notFound("account") }
        guard from <= to else {
            throw Refusal.invalidFields(FieldErrors("to", "The to is before the from."))
        }
        let statement = try await engine.reader.read { reading in
            guard try reading.account(account) != nil else { throw Refusal.notFound("account") }
            return try reading.statement(of: account, from: from, to: to, limit: Self.linesAtMost)
        }
        guard let statement else {
            throw Refusal.invalidFields(
                FieldErrors("from", "There are more than \(Self.linesAtMost) lines: ask for less."))
        }
        let opening = AccountCode.merchants.map { ($0, statement.opening[$0] ?? 0) }
        return [
            "account": .string(account.rawValue.text), "currency": "MYR",
            "opening": amounts(Dictionary(uniqueKeysWithValues: opening)),
            "lines": .array(statement.lines.map(json)), "closing": amounts(statement.closing),
        ]
    }

    func trialBalance(_ fields: inout FieldReader) async throws -> JSONValue {
        let day = fields.requiredDay("at")
        try fields.check()
        guard let day else { throw Refusal.notFound("day") }
        let rows = try await engine.reader.read { try $0.trialBalance(at: day) }
        let debits = rows.filter { $0.sen < 0 }.reduce(0) { $0 - $1.sen }
        let credits = rows.filter { $0.sen > 0 }.reduce(0) { $0 + $1.sen }
        return [
            "rows": .array(
                rows.map { row in
                    [
                        "owner": .string(row.owner), "account": .string(row.code.rawValue),
                        "debit": .string(Money.sen(max(0, -row.sen)).decimal()),
                        "credit": .string(Money.sen(max(0, row.sen)).decimal()),
                    ]
                }),
            "debits": .string(Money.sen(debits).decimal()),
            "credits": .string(Money.sen(credits).decimal()),
        ]
    }

    private func json(_ line: StatementLine) -> JSONValue {
        [
            "at": .string(line.at.malaysianText), "reason": .string(line.reason),
            "id": line.subject.map { .integer($0) } ?? .null,
            "order_id": .optional(line.orderID), "changes": amounts(line.changes),
        ]
    }

    /// Amounts by account, in the order in which they are shown.
    private func amounts(_ sen: [AccountCode: Int64]) -> JSONValue {
        var object = JSONObject()
        for code in AccountCode.merchants {
            guard let sen = sen[code] else { continue }
            object.set(code.rawValue, to: .string(Money.sen(sen).decimal()))
        }
        return .object(object)
    }
}

/// The books, seal by seal, for a verifier that knows nothing of Kaunter.
extension ControlDesk {
    /// The seal after the one of this number, with what it covers; nulls if there is none.
    func exportSeal(_ fields: inout FieldReader) async throws -> JSONValue {
        let after = fields.id("after")
        try fields.check()
        let (seal, items) = try await engine.reader.read { reading in
            guard let seal = try reading.seals(after: after ?? 0, limit: 1).first else {
                return (Seal?.none, [SealedItem]())
            }
            return (seal, try reading.sealedItems(at: seal.positions))
        }
        guard let seal else { return ["seal": .null, "items": .array([])] }
        return [
            "seal": [
                "type": "seal", "number": .integer(seal.number),
                "first": .integer(seal.positions.lowerBound),
                "last": .integer(seal.positions.upperBound), "entries": .integer(seal.entries),
                "sealed_at": .integer(seal.sealedAt.microseconds), "sha256": .string(seal.sha256),
            ],
            "items": .array(items.map { $0.exported }),
        ]
    }
}

extension FieldReader {
    /// A required day.
    mutating func requiredDay(_ field: String) -> MalaysianDay? {
        guard let value = required(field) else { return nil }
        guard let day = value.stringValue.flatMap({ MalaysianDay($0) }) else {
            refuse(field, "The \(field) must be a date of the form YYYY-MM-DD.")
            return nil
        }
        return day
    }
}
