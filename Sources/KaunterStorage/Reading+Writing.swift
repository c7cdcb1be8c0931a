import KaunterCore
import KaunterDatabase

/// What can be asked while a look or a transaction is open. Repositories hang their questions here.
package struct Reading {
    let transaction: any Transaction

    init(_ transaction: any Transaction) {
        self.transaction = transaction
    }

    /// The only row of an answer that can have one row at most.
    func row(_ sql: SQL) throws(DatabaseFault) -> Row? {
        try transaction.rows(sql).first
    }
}

/// What can be changed while a transaction is open. Repositories hang their changes here.
package struct Writing {
    let transaction: any Transaction

    init(_ transaction: any Transaction) {
        self.transaction = transaction
    }

    /// The questions, asked inside this transaction.
    package var reading: Reading { Reading(transaction) }

    /// The integer that an `INSERT … RETURNING` gave.
    func returned(_ column: String, _ sql: SQL) throws(DatabaseFault) -> Int64 {
        guard let row = try transaction.rows(sql).first else {
            throw DatabaseFault(.malformed, "INSERT … RETURNING gave no row")
        }
        return try row.integer(column)
    }
}

extension Row {
    /// A time, stored as microseconds.
    func moment(_ column: String) throws(DatabaseFault) -> Moment {
        Moment(microseconds: try integer(column))
    }

    /// A time that may be absent.
    func momentOrNil(_ column: String) throws(DatabaseFault) -> Moment? {
        try integerOrNil(column).map { Moment(microseconds: $0) }
    }

    /// A word of a closed list; another word means that the store is newer than this program, or
    /// damaged.
    func word<Word: RawRepresentable<String>>(
        _ column: String, _ type: Word.Type = Word.self
    ) throws(DatabaseFault) -> Word {
        let text = try text(column)
        guard let word = Word(rawValue: text) else {
            throw DatabaseFault(.malformed, "column \(column) holds an unknown word")
        }
        return word
    }
}
