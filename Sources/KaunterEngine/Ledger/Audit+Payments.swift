import KaunterCore
import KaunterStorage

/// Payments against their postings.
extension Audit {
    private static let paying: [TransferReason] = [.paymentPaid, .suspenseAssigned]

    mutating func check(_ payment: AuditedPayment, _ surrounds: Surrounds) {
        report.checked.payments += 1
        let subject = "payment \(payment.id)"
        let books = surrounds.books(of: payment.id)
        let isPaid = payment.status == PaymentStatus.paid.rawValue
        let isBooked =
            payment.isAssigned ? books.has(.suspenseAssigned) : books.has(.paymentPaid)
        if isPaid != isBooked || (books.has(.paymentPaid) && books.has(.suspenseAssigned)) {
            report.add(
                AuditFinding(
                    .paymentStatus, subject, expected: payment.status,
                    found: isBooked ? "booked as paid" : "not booked as paid"))
        } else if isPaid {
            checkShares(of: payment, books, subject)
        }
        checkMoney(of: payment, books, surrounds, subject)
        checkStory(surrounds.events[payment.id] ?? [], status: payment.status, of: subject)
        checkEvents(
            surrounds.news[payment.id] ?? [],
            final: PaymentStatus(rawValue: payment.status).flatMap { EventType(payment: $0) },
            of: subject)
        checkNews(
            surrounds.deliveries[payment.id] ?? [], account: payment.account, url: payment.url,
            endpoint: payment.endpoint, isDue: payment.status != PaymentStatus.wait.rawValue,
            of: subject)
        if payment.status == PaymentStatus.wait.rawValue { inSuspense &+= payment.received }
    }

    /// Fee, hold, reserve and the rest, as the row and as the transfer have them.
    private mutating func checkShares(
        of payment: AuditedPayment, _ books: Books, _ subject: String
    ) {
        let (paid, owner) = (payment.paid ?? 0, payment.account)
        let (fee, hold, reserve) = (payment.fee ?? 0, payment.hold ?? 0, payment.reserve ?? 0)
        let reasons = Self.paying
        let rest = books.sum(reasons, [.available, .receivable], of: owner)
        expect(
            books.sum(reasons, [.railReceivable, .suspense]), -paid, .paymentAmount,
            "\(subject) paid")
        expect(books.sum(reasons, [.fees, .taxPayable]), fee, .paymentAmount, "\(subject) fee")
        expect(
            books.sum(reasons, [.hold], of: owner), hold, .paymentAmount, "\(subject) hold")
        expect(
            books.sum(reasons, [.rollingReserve], of: owner), reserve, .paymentAmount,
            "\(subject) reserve")
        expect(rest, paid &- fee &- hold &- reserve, .paymentAmount, "\(subject) rest")
        // Older than the books: it was not written down.
        guard let old = payment.oldAvailable, let new = payment.newAvailable else { return }
        let added = books.sum(reasons, [.available], of: owner)
        expect(new &- old, added, .paymentAvailable, "\(subject) change")
        if let balance = books.balance(reasons, .available) {
            expect(new, balance, .paymentAvailable, "\(subject) after")
        }
    }

    /// Where its money came from, and what of it went back.
    private mutating func checkMoney(
        of payment: AuditedPayment, _ books: Books, _ surrounds: Surrounds, _ subject: String
    ) {
        let suspended = surrounds.suspended[payment.id] ?? []
        func sum(_ reasons: SuspenseEntry.Reason...) -> Int64 {
            suspended.filter { entry in reasons.contains { $0.rawValue == entry.word } }
                .reduce(0) { $0 &+ $1.number }
        }
        let isPaid = payment.status == PaymentStatus.paid.rawValue
        let parts = books.sum([.partReceived], [.suspense])
        let kept = isPaid ? -books.sum([.paymentPaid], [.suspense]) : payment.received
        expect(parts, kept, .paymentParts, subject)
        let isOver =
            payment.status == PaymentStatus.cancel.rawValue
            || payment.status == PaymentStatus.fail.rawValue
        expect(sum(.partial), isOver ? payment.received : 0, .paymentParts, "\(subject) to return")
        let used = isPaid ? payment.paid ?? 0 : payment.received
        expect(
            surrounds.received[payment.id] ?? 0,
            (payment.isAssigned ? 0 : used) &+ sum(.over, .double, .late), .receipts, subject)
        let reversed = books.sum([.paymentReversed], [.railReceivable])
        expect(
            payment.returned, (surrounds.refunded[payment.id] ?? 0) &+ reversed, .paymentReturned,
            subject)
    }
}
