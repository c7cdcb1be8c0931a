/// One link of the chain that shows later changes of the books: it covers the items at its
/// positions, and the seal before it.
package struct Seal: Sendable, Equatable {
    /// Counted from 1, without gaps.
    package let number: Int64
    /// The positions that it covers: those after the seal before it.
    package let positions: ClosedRange<Int64>
    /// The entries of all its transfers.
    package let entries: Int64
    /// Of its text, in lower-case hex.
    package let sha256: String
    package let sealedAt: Moment

    package init(
        number: Int64, positions: ClosedRange<Int64>, entries: Int64, sha256: String,
        sealedAt: Moment
    ) {
        self.number = number
        self.positions = positions
        self.entries = entries
        self.sha256 = sha256
        self.sealedAt = sealedAt
    }
}

/// What a seal covers, as it is stored. Words are text here: what was changed behind the program's
/// back may hold words that it doesn't know, and must still be read.
package struct SealedItem: Sendable, Equatable {
    /// Either kind of thing that is sealed.
    package enum Content: Sendable, Equatable {
        case transfer(BookedTransfer)
        case act(BookedAct)
    }

    /// Nil before it is sealed.
    package let position: Int64?
    package let content: Content

    package init(position: Int64?, content: Content) {
        self.position = position
        self.content = content
    }
}

/// A transfer with its entries, as it is stored.
package struct BookedTransfer: Sendable, Equatable {
    package let id: Int64
    package let reason: String
    package let causeID: Int64
    package let phase: String
    package let pendingID: Int64?
    package let subjectID: Int64?
    /// The day in Malaysia, counted from 1970-01-01.
    package let day: Int64
    package let at: Moment
    /// By line.
    package var entries: [Entry]

    /// One sum on one account.
    package struct Entry: Sendable, Equatable {
        package let line: Int64
        package let account: Int64
        /// The account's owner and code, "" if there is no such account.
        package let owner: String
        package let code: String
        package let sen: Int64
        /// The balance after it, where it was kept.
        package let balance: Int64?

        package init(
            line: Int64, account: Int64, owner: String, code: String, sen: Int64, balance: Int64?
        ) {
            self.line = line
            self.account = account
            self.owner = owner
            self.code = code
            self.sen = sen
            self.balance = balance
        }
    }

    package init(
        id: Int64, reason: String, causeID: Int64, phase: String, pendingID: Int64?,
        subjectID: Int64?, day: Int64, at: Moment, entries: [Entry]
    ) {
        self.id = id
        self.reason = reason
        self.causeID = causeID
        self.phase = phase
        self.pendingID = pendingID
        self.subjectID = subjectID
        self.day = day
        self.at = at
        self.entries = entries
    }
}

/// What an operator did, as it is stored.
package struct BookedAct: Sendable, Equatable {
    package let id: Int64
    package let record: ActRecord
    package let at: Moment

    package init(id: Int64, record: ActRecord, at: Moment) {
        self.id = id
        self.record = record
        self.at = at
    }
}
