import KaunterCore

/// Books of one merchant, one rail and the house, for the rows of one case.
struct PolicyLedger {
    private var balances: [AccountCode: Int64] = [:]
    private var terms = Terms()
    private var tax = Percentage.zero
    /// What the latest event debited and credited, and what the rows after it say of that.
    private var booked: [AccountCode: Movement] = [:]
    private var told: [AccountCode: Movement] = [:]
    private var event: PolicyEvent?
    /// What is not as the rows say.
    private(set) var complaints: [String] = []

    /// The debits and the credits of one account.
    private struct Movement: Equatable {
        var debit: Int64 = 0
        var credit: Int64 = 0
    }

    /// Performs all rows.
    mutating func perform(_ rows: [PolicyRow]) throws {
        for row in rows {
            switch row {
            case .terms(let terms, let tax): (self.terms, self.tax) = (terms, tax)
            case .account(let code, let sen): balances[code] = sen
            case .event(let event):
                compare()
                try book(event)
            case .transfer(let debit, let credit, let sen):
                told[debit, default: Movement()].debit += sen
                told[credit, default: Movement()].credit += sen
            case .expect(let code, let sen):
                let found = balances[code] ?? 0
                if found != sen {
                    complaints.append("\(code.rawValue) is \(found) after \(name), not \(sen)")
                }
            }
        }
        compare()
    }

    private var name: String { event?.reason.rawValue ?? "nothing" }

    private mutating func book(_ event: PolicyEvent) throws {
        self.event = event
        let transfers = try event.transfers(terms, tax: tax, merchant)
        if transfers.last?.reason != event.reason || transfers.last?.phase != event.phase {
            complaints.append("\(name) is booked as another reason or phase")
        }
        for transfer in transfers {
            if transfer.resolves != transfer.reason.resolves {
                complaints.append("\(name) posts or voids something else")
            }
            for posting in transfer.postings {
                let code = posting.account.code
                balances[code, default: 0] += posting.sen
                booked[code, default: Movement()].debit += max(0, -posting.sen)
                booked[code, default: Movement()].credit += max(0, posting.sen)
                if posting.account != account(code) {
                    complaints.append("\(name) touches \(posting.account)")
                }
            }
        }
    }

    /// Compares the transfers that the rows name with what was booked.
    private mutating func compare() {
        for code in AccountCode.allCases where booked[code] != told[code] {
            complaints.append(
                "\(name) moves \(text(booked[code])) on \(code.rawValue), not \(text(told[code]))")
        }
        booked = [:]
        told = [:]
    }

    private func text(_ movement: Movement?) -> String {
        movement.map { "-\($0.debit) +\($0.credit)" } ?? "nothing"
    }

    private var merchant: MerchantBalances {
        MerchantBalances(
            available: balances[.available] ?? 0, hold: balances[.hold] ?? 0,
            rollingReserve: balances[.rollingReserve] ?? 0,
            payoutsReserved: balances[.payoutsReserved] ?? 0,
            receivable: balances[.receivable] ?? 0)
    }

    /// The account of this code in a house with one merchant and one rail.
    private func account(_ code: AccountCode) -> LedgerAccount {
        switch code {
        case .railReceivable, .railCost: LedgerAccount(.rail(PolicyEvent.rail), code)
        case .available, .hold, .rollingReserve, .payoutsReserved, .receivable:
            LedgerAccount(.merchant(PolicyEvent.account), code)
        case .bank, .fees, .taxPayable, .suspense, .refundClearing, .adjustments:
            LedgerAccount(.house, code)
        }
    }
}
