import KaunterCore

/// What is really so at the rails: which attempts arrived, and what money moved. Kaunter sees it
/// only through what rails say, which is late, twice, wrong, or nothing.
struct Bank {
    /// Money that moved.
    struct Transaction {
        let number: String
        let sen: Int64
        let at: Moment
    }

    /// An attempt as its rail has it.
    struct Entry {
        let payment: Int64
        let rail: String
        let reference: String
        let askedSen: Int64
        /// Whether the rail fixes the amount.
        let isFixed: Bool
        /// What was decided beside money: `declined`, `cancelled`, or nothing.
        var refusal: String?
        var moved: [Transaction] = []
    }

    /// By reference.
    var entries: [String: Entry] = [:]
    /// All money that moved, by number, with the reference under which it did.
    var transactions: [String: (reference: String, transaction: Transaction)] = [:]
    /// References of which a rail has told Kaunter a "no", be it true or not.
    var saidNo: Set<String> = []
    private var lastNumber = 0

    /// Moves money for an attempt.
    mutating func move(_ sen: Int64, for reference: String, at now: Moment) -> Transaction {
        lastNumber += 1
        let transaction = Transaction(number: "T\(lastNumber)", sen: sen, at: now)
        entries[reference]?.moved.append(transaction)
        transactions[transaction.number] = (reference, transaction)
        return transaction
    }

    /// The account that money of this number came from, if its rail names one: each came from an
    /// account of its own.
    static func payer(of transaction: String) -> String? {
        guard let number = Int(transaction.dropFirst()), number % 4 != 0 else { return nil }
        return String(firstPayer + number)
    }

    /// The money that came from this account; nil if none did.
    static func transaction(from payer: String) -> String? {
        guard let number = Int(payer), number > firstPayer, number < 2 * firstPayer else {
            return nil
        }
        return "T\(number - firstPayer)"
    }

    /// Account numbers of payers begin with a 1, those that operators name with a 9.
    private static let firstPayer = 1_000_000_000

    /// Money that has moved for a payment, be it reported or not.
    func movedSen(for payment: Int64, until moment: Moment) -> Int64 {
        transactions.values.reduce(0) { sum, each in
            let isOfPayment = entries[each.reference]?.payment == payment
            return isOfPayment && each.transaction.at <= moment ? sum + each.transaction.sen : sum
        }
    }
}
