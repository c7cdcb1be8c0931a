import KaunterCore
import KaunterStorage

/// Payouts, refunds and returns against their postings.
extension Audit {
    /// How the books call the three steps of a kind of payout, where its money is parked, and
    /// whether it is a merchant's.
    private struct Steps {
        let reserved: TransferReason
        let paid: TransferReason
        let voided: TransferReason
        let parked: AccountCode
        let isMerchants: Bool

        init?(_ kind: String) {
            switch kind {
            case "payout":
                (reserved, paid, voided) = (.payoutReserved, .payoutPaid, .payoutVoided)
                (parked, isMerchants) = (.payoutsReserved, true)
            case "refund":
                (reserved, paid, voided) = (.refundReserved, .refundPaid, .refundVoided)
                (parked, isMerchants) = (.refundClearing, true)
            case "return":
                (reserved, paid, voided) = (.returnReserved, .returnPaid, .returnVoided)
                (parked, isMerchants) = (.refundClearing, false)
            default: return nil
            }
        }
    }

    mutating func check(_ payout: AuditedPayout, _ surrounds: Surrounds) {
        report.checked.payouts += 1
        let subject = "payout \(payout.id)"
        let books = surrounds.books(of: payout.id)
        guard let steps = Steps(payout.kind) else {
            report.add(AuditFinding(.payoutStatus, subject, found: payout.kind))
            return
        }
        let status = PaymentStatus(rawValue: payout.status)
        let isAsBooked =
            books.has(steps.reserved) && books.has(steps.paid) == (status == .paid)
            && books.has(steps.voided) == (status == .fail || status == .cancel)
            && books.has(.payoutReturned) == payout.isReturned
        if isAsBooked {
            checkAmounts(of: payout, steps, books, subject)
        } else {
            let reasons = Set(books.sums.map(\.reason)).sorted().joined(separator: ", ")
            report.add(
                AuditFinding(.payoutStatus, subject, expected: payout.status, found: reasons))
        }
        let events = surrounds.events[payout.id] ?? []
        checkStory(events, status: payout.status, of: subject)
        let returns = events.filter { $0.word == "returned" }.reduce(0) { $0 + $1.number }
        expect(returns, payout.isReturned ? 1 : 0, .event, "\(subject) returned")
        let isOwn = payout.kind == "payout"
        checkEvents(
            surrounds.news[payout.id] ?? [],
            final: isOwn ? status.flatMap { EventType(payout: $0) } : nil, of: subject)
        checkNews(
            surrounds.deliveries[payout.id] ?? [], account: payout.account, url: payout.url,
            endpoint: payout.endpoint, isDue: isOwn && status != .wait,
            of: subject)
    }

    private mutating func checkAmounts(
        of payout: AuditedPayout, _ steps: Steps, _ books: Books, _ subject: String
    ) {
        let whole = payout.amount &+ payout.fee
        let owner = steps.isMerchants ? payout.account : LedgerAccount.Owner.house.text
        let source: [AccountCode] = steps.isMerchants ? [.available] : [.suspense]
        let back = source + (steps.isMerchants ? [.receivable] : [])
        func expect(
            _ reason: TransferReason, _ codes: [AccountCode], _ sen: Int64, of owner: String? = nil
        ) {
            self.expect(
                books.sum([reason], codes, of: owner), sen, .payoutAmount,
                "\(subject) \(reason.rawValue)")
        }
        expect(steps.reserved, source, -whole, of: owner)
        expect(steps.reserved, [steps.parked], whole)
        if books.has(steps.paid) {
            expect(steps.paid, [.bank], payout.amount)
            expect(steps.paid, [.fees, .taxPayable], payout.fee)
        }
        if books.has(steps.voided) { expect(steps.voided, back, whole, of: owner) }
        if books.has(.payoutReturned) {
            expect(.payoutReturned, [.bank], -payout.amount)
            expect(.payoutReturned, back, payout.amount, of: owner)
        }
        guard let old = payout.oldAvailable, let new = payout.newAvailable else { return }
        let reserved = books.sum([steps.reserved], [.available], of: payout.account)
        self.expect(new &- old, reserved, .payoutAvailable, subject)
    }
}
