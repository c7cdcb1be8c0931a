import KaunterCore
import KaunterStorage

/// Payments and payouts against their postings, their stories and their news.
extension Audit {
    /// What stands beside the payments and payouts of one page.
    struct Surrounds {
        var booked: [Int64: [BookedSum]] = [:]
        var events: [Int64: [SubjectCount]] = [:]
        var news: [Int64: [SubjectCount]] = [:]
        var deliveries: [Int64: [ToldDelivery]] = [:]
        var received: [Int64: Int64] = [:]
        var refunded: [Int64: Int64] = [:]
        var suspended: [Int64: [SubjectCount]] = [:]

        init(_ reading: Reading, _ page: IDRange) throws {
            for sum in try reading.bookedSums(page) { booked[sum.subject, default: []].append(sum) }
            for event in try reading.finalPaymentEvents(page) {
                events[event.subject, default: []].append(event)
            }
            for event in try reading.finalPayoutEvents(page) {
                events[event.subject, default: []].append(event)
            }
            for event in try reading.eventCounts(page) {
                news[event.subject, default: []].append(event)
            }
            for told in try reading.toldDeliveries(page) {
                deliveries[told.subject, default: []].append(told)
            }
            for sum in try reading.receivedSums(page) { received[sum.subject] = sum.number }
            for sum in try reading.refundedSums(page) { refunded[sum.subject] = sum.number }
            for sum in try reading.suspendedSums(page) {
                suspended[sum.subject, default: []].append(sum)
            }
        }

        /// What is booked for a subject.
        func books(of subject: Int64) -> Books { Books(sums: booked[subject] ?? []) }
    }

    /// What is booked for one payment or payout.
    struct Books {
        let sums: [BookedSum]

        /// Whether there is a transfer of one of these reasons.
        func has(_ reasons: TransferReason...) -> Bool {
            sums.contains { sum in reasons.contains { $0.rawValue == sum.reason } }
        }

        /// The sum on accounts of these codes; of one owner, if one is given.
        func sum(
            _ reasons: [TransferReason], _ codes: [AccountCode], of owner: String? = nil
        ) -> Int64 {
            entries(reasons, codes, of: owner).reduce(0) { $0 &+ $1.sen }
        }

        /// The balance after it, of a merchant's account that it touched.
        func balance(_ reasons: [TransferReason], _ code: AccountCode) -> Int64? {
            entries(reasons, [code], of: nil).first?.balance
        }

        private func entries(
            _ reasons: [TransferReason], _ codes: [AccountCode], of owner: String?
        ) -> [BookedSum] {
            sums.filter { sum in
                reasons.contains { $0.rawValue == sum.reason }
                    && codes.contains { $0.rawValue == sum.code }
                    && (owner == nil || owner == sum.owner)
            }
        }
    }

    mutating func checkSubjects() throws {
        removedEndpoints = try reading.removedEndpoints()
        try forEachPage(of: .identifiers) { audit, page in
            let surrounds = try Surrounds(audit.reading, page)
            for payment in try audit.reading.auditedPayments(page) {
                audit.check(payment, surrounds)
            }
            for payout in try audit.reading.auditedPayouts(page) {
                audit.check(payout, surrounds)
            }
        }
    }

    /// A final status is in the story once, and no other is.
    mutating func checkStory(_ events: [SubjectCount], status: String, of subject: String) {
        let word: String? =
            switch PaymentStatus(rawValue: status) {
            case .paid: "paid"
            case .cancel: "cancelled"
            case .fail: "failed"
            case .wait, nil: nil
            }
        let finals = events.filter { $0.word != "returned" }
        let isRight =
            word == nil
            ? finals.isEmpty : finals.count == 1 && finals[0].word == word && finals[0].number == 1
        if !isRight {
            let found = finals.map { "\($0.word) \($0.number)" }.joined(separator: ", ")
            report.add(
                AuditFinding(.event, subject, expected: word.map { "\($0) 1" }, found: found))
        }
    }

    /// A final status made its event once, and no other status made one. What else happened to
    /// money may have events or not: a store from before events has none of it.
    mutating func checkEvents(
        _ events: [SubjectCount], final expected: EventType?, of subject: String
    ) {
        let finals = events.filter { EventType(rawValue: $0.word)?.isNotified ?? true }
        let isRight =
            finals.map(\.word) == [expected?.rawValue].compactMap { $0 }
            && finals.allSatisfy { $0.number == 1 }
        if !isRight {
            report.add(
                AuditFinding(
                    .event, subject, expected: expected.map { "\($0.rawValue) 1" },
                    found: finals.map { "\($0.word) \($0.number)" }.joined(separator: ", ")))
        }
    }

    /// Who asked for news of a final status gets them once, where it asked for them; nobody else
    /// gets any.
    mutating func checkNews(
        _ told: [ToldDelivery], account: String, url: String?, endpoint: Int64?, isDue: Bool,
        of subject: String
    ) {
        let expected = isDue && (url != nil || endpoint != nil) ? 1 : 0
        let isRemoved = url == nil && endpoint.map { removedEndpoints.contains($0) } ?? false
        let isRight =
            (told.count == expected || (isRemoved && told.isEmpty))
            && told.allSatisfy { $0.account == account && (url == nil || $0.url == url) }
        if !isRight {
            report.add(AuditFinding(.delivery, subject, expected: expected, found: told.count))
        }
    }
}
