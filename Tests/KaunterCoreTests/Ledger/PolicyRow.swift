import KaunterCore

/// A row of the policy's table, as text:
///
/// ```
/// terms fee 2.5 plus 0.30 reserve 5 hold 2 tax 6
/// account NAME BALANCE
/// event REASON PHASE AMOUNT [of refund|return] [fee 0.50] [kept 30.00] [from hold] [cost 1.00]
/// transfer DEBIT CREDIT AMOUNT
/// expect NAME BALANCE
/// ```
///
/// Amounts are in ringgit; a credit is above zero.
enum PolicyRow {
    case terms(Terms, tax: Percentage)
    case account(AccountCode, sen: Int64)
    case event(PolicyEvent)
    case transfer(debit: AccountCode, credit: AccountCode, sen: Int64)
    case expect(AccountCode, sen: Int64)

    /// What can't be read.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    init(_ line: Substring) throws {
        let words = line.split(separator: " ").map(String.init)
        let fault = Fault(description: "no row: \(line)")
        switch (words.first, words.count) {
        case ("terms", _):
            let (terms, tax) = try Self.terms(Self.pairs(words.dropFirst()))
            self = .terms(terms, tax: tax)
        case ("account", 3):
            self = .account(try Self.code(words[1]), sen: try Self.sen(words[2]))
        case ("event", 4...):
            guard let reason = TransferReason(rawValue: words[1]),
                let phase = Transfer.Phase(rawValue: words[2])
            else { throw fault }
            self = .event(
                PolicyEvent(
                    reason: reason, phase: phase, sen: try Self.sen(words[3]),
                    options: try Self.pairs(words.dropFirst(4))))
        case ("transfer", 4):
            self = .transfer(
                debit: try Self.code(words[1]), credit: try Self.code(words[2]),
                sen: try Self.sen(words[3]))
        case ("expect", 3):
            self = .expect(try Self.code(words[1]), sen: try Self.sen(words[2]))
        default: throw fault
        }
    }

    /// The rows of a text, without its empty lines.
    static func rows(of text: String) throws -> [PolicyRow] {
        try text.split(separator: "\n").map { try PolicyRow($0) }
    }

    /// `-12.34` as −1234.
    static func sen(_ text: String) throws -> Int64 {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 2, let ringgit = Int64(parts[0]),
            let sen = Int64(parts[1])
        else { throw Fault(description: "no amount: \(text)") }
        return ringgit * 100 + (text.hasPrefix("-") ? -sen : sen)
    }

    private static func code(_ text: String) throws -> AccountCode {
        guard let code = AccountCode(rawValue: text) else {
            throw Fault(description: "no account: \(text)")
        }
        return code
    }

    private static func pairs(_ words: ArraySlice<String>) throws -> [String: String] {
        let words = Array(words)
        guard words.count.isMultiple(of: 2) else {
            throw Fault(description: "a word too many: \(words)")
        }
        var pairs: [String: String] = [:]
        for index in stride(from: 0, to: words.count, by: 2) {
            pairs[words[index]] = words[index + 1]
        }
        return pairs
    }

    private static func terms(_ pairs: [String: String]) throws -> (Terms, tax: Percentage) {
        var (terms, tax) = (Terms(), Percentage.zero)
        for (key, value) in pairs {
            switch key {
            case "fee": terms.feePercent = try percentage(value)
            case "plus": terms.feeFixed = .sen(try sen(value))
            case "reserve":
                terms.reservePercent = try percentage(value)
                terms.reserveDays = 90
            case "hold": terms.holdDays = Int64(value) ?? 0
            case "tax": tax = try percentage(value)
            default: throw Fault(description: "no term: \(key)")
            }
        }
        return (terms, tax)
    }

    private static func percentage(_ text: String) throws -> Percentage {
        guard let percentage = Percentage(text) else {
            throw Fault(description: "no percentage: \(text)")
        }
        return percentage
    }
}
