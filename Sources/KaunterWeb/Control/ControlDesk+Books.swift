import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

/// Looks at the books.
extension ControlDesk {
    /// The balances of one account; without one, those of the house and of the rails.
    func showBalance(_ fields: inout FieldReader) async throws -> JSONValue {
        guard fields.value("account") != nil else { return try await houseBalances() }
        let account = fields.account()
        try fields.check()
        guard let account,
            let balances = try await engine.reader.read({ try $0.balances(of: account) })
        else { throw Refusal.notFound("account") }
        var answer: JSONObject = ["account": .string(account.rawValue.text)]
        for code in AccountCode.merchants {
            answer.set(code.rawValue, to: .string(Money.sen(balances[code] ?? 0).decimal()))
        }
        return .object(answer)
    }

    /// As a bookkeeper reads them: an account that usually has a debit shows it as what it is.
    private func houseBalances() async throws -> JSONValue {
        let balances = try await engine.reader.read { reading in
            let house = [
                LedgerAccount.bank, .fees, .taxPayable, .suspense, .refundClearing, .adjustments,
            ]
            let rails = try reading.railsInTheBooks().flatMap { rail in
                [AccountCode.railReceivable, .railCost].map {
                    LedgerAccount(.rail(rail), $0)
                }
            }
            return try (house + rails).map { ($0, try reading.balance(of: $0)) }
        }
        let list = balances.map { account, sen -> JSONValue in
            [
                "account": .string("\(account.owner.text) \(account.code.rawValue)"),
                "balance": .string(
                    Money.sen(account.code.isDebitNormal ? -sen : sen).decimal()),
            ]
        }
        return ["balances": .array(list)]
    }

    /// Recomputes the books. What is wrong is told, and is no failure of the act.
    func audit() async throws -> JSONValue {
        let report = try await engine.audit()
        var checked = JSONObject()
        for row in report.checked.named { checked.set(row.name, to: .integer(row.count)) }
        let findings = report.findings.map { finding -> JSONValue in
            [
                "code": .string(finding.code.rawValue), "subject": .string(finding.subject),
                "expected": .optional(finding.expected), "found": .optional(finding.found),
                "meaning": .string(finding.code.sentence),
            ]
        }
        return [
            "clean": .boolean(report.isClean), "checked": .object(checked),
            "count": .integer(Int64(report.count)), "findings": .array(findings),
        ]
    }
}
