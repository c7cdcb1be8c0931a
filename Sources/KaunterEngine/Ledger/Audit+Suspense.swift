import KaunterCore
import KaunterStorage

/// Entries of suspense against their postings.
extension Audit {
    mutating func checkSuspense() throws {
        try forEachPage(of: .suspense) { audit, page in
            audit.report.checked.suspense += page.count
            for entry in try audit.reading.auditedSuspense(page) { audit.check(entry) }
        }
    }

    private mutating func check(_ entry: AuditedSuspense) {
        let subject = "suspense \(entry.id)"
        let isPart = entry.reason == SuspenseEntry.Reason.partial.rawValue
        let isClaim = SuspenseEntry.Reason(rawValue: entry.reason)?.isClaim ?? false
        let isMoney = SuspenseEntry.isMoney(
            minorUnits: entry.minorUnits, currency: entry.currency)
        // A part lies in suspense already; what was released before there were books never came.
        let isBooked = entry.phase != nil
        let mustBeBooked = isMoney && !isPart && !entry.isReleased
        if mustBeBooked != isBooked, !(entry.isReleased && isMoney && !isPart) {
            report.add(
                AuditFinding(
                    .suspenseEntry, subject, expected: mustBeBooked ? "booked" : "not booked",
                    found: entry.phase))
        }
        if isBooked {
            expect(entry.suspended, entry.minorUnits, .suspenseEntry, "\(subject) amount")
            let phase = isClaim ? Transfer.Phase.pending : .posted
            if entry.phase != phase.rawValue {
                report.add(
                    AuditFinding(
                        .suspenseEntry, "\(subject) phase", expected: phase.rawValue,
                        found: entry.phase))
            }
            let isDecided = entry.isReleased || entry.isConfirmed
            if isClaim, entry.isVoided != isDecided || (entry.isReleased && entry.isConfirmed) {
                report.add(AuditFinding(.suspenseEntry, "\(subject) claim"))
            }
        }
        checkEnd(of: entry, subject)
        let isThere = isPart ? isMoney : isBooked
        if !entry.isReleased, !entry.isSettled, isThere { inSuspense &+= entry.minorUnits }
    }

    /// It is settled by one payment or one payout, or it is not settled.
    private mutating func checkEnd(of entry: AuditedSuspense, _ subject: String) {
        let ends = [entry.assignedAs, entry.returnedBy].compactMap(\.self)
        let isRight =
            entry.isSettled
            ? ends.count == 1 && ends[0] == entry.settledID && !entry.isReleased
            : ends.isEmpty && entry.settledID == nil
        if !isRight {
            report.add(
                AuditFinding(
                    .suspenseEntry, "\(subject) settled", expected: entry.settledID,
                    found: ends.map(String.init).joined(separator: ", ")))
        }
        if entry.assignedAs != nil {
            expect(entry.assigned, -entry.minorUnits, .suspenseEntry, "\(subject) assigned")
        }
    }
}
