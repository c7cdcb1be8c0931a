package import KaunterAPI
import KaunterCore
import KaunterStorage

/// What a restoration did, and what the store may have forgotten: told to the operator, who has to
/// act on it.
package struct RestoreReport: Sendable {
    let restoration: Restoration
    let sha256: String
    /// Where the master key is to be put, if it isn't there.
    let missingKeyFile: String?

    /// The report for programs.
    package var json: JSONObject {
        let contents = restoration.contents
        return [
            "mode": .string(contents.installation.mode.rawValue),
            "master_key": .string(contents.installation.masterKeyID),
            "master_key_missing_at": .optional(missingKeyFile),
            "sha256": .string(sha256),
            "snapshot_at": .string(restoration.snapshotAt.malaysianText),
            "snapshot_at_utc": .string(restoration.snapshotAt.utcText),
            "restored_at": .string(restoration.restoredAt.malaysianText),
            "forgotten_seconds": .integer(seconds),
            "payments": .integer(contents.count(of: "payments")),
            "last_payment_id": contents.lastPaymentID.map { .integer($0) } ?? .null,
            "ids_ahead": .integer(restoration.idsAhead),
            "first_new_id": .integer(restoration.firstNewID),
            "waiting_payments": .integer(contents.waiting),
            "open_attempts": .integer(contents.openAttempts),
            "pending_notifications": .integer(contents.pendingNotifications),
            "busiest_day": .integer(contents.busiestDay),
            "accounts": .integer(contents.count(of: "accounts")),
            "keys_in_force": .integer(contents.keysInForce),
            "endpoints": .integer(contents.count(of: "endpoints")),
            "redirects": .integer(contents.count(of: "redirects")),
        ]
    }

    /// The report for people.
    package var text: String {
        (heading + forgotten + next).joined(separator: "\n")
    }

    private var seconds: Int64 { restoration.restoredAt.secondsSince(restoration.snapshotAt) }

    private var heading: [String] {
        let contents = restoration.contents
        return [
            "Restored: a \(contents.installation.mode.rawValue) store with "
                + "\(contents.count(of: "payments")) payments, as it stood at",
            "  \(restoration.snapshotAt.malaysianText) Malaysia time "
                + "(\(restoration.snapshotAt.utcText)).",
            "All ids jumped ahead by \(restoration.idsAhead); the next payment's is "
                + "\(restoration.firstNewID) or more.",
            "",
        ]
    }

    private var forgotten: [String] {
        let contents = restoration.contents
        let last = contents.lastPaymentID.map { "after id \($0)" } ?? "of all"
        return [
            "What was acknowledged in the \(seconds) seconds since then may be forgotten:",
            "- Payments \(last), up to \(restoration.firstNewID - 1): merchants hold",
            "  the answers, and payers may still pay. Money for them comes in as suspense "
                + "(unknown).",
            "  The busiest day so far made \(contents.busiestDay).",
            "- Their order_ids are free again: an order could be created, and paid, twice.",
            "- Outcomes. \(contents.waiting) payments waited, \(contents.openAttempts) of them "
                + "with an open attempt, which is asked",
            "  about at its rail. What was cancelled or ran out since can be paid again.",
            "- Notifications. \(contents.pendingNotifications) were pending: they are sent, some "
                + "for a second time.",
            "- Keys that were issued since are gone. A key that was revoked since IS VALID AGAIN",
            "  (\(contents.keysInForce) are in force): revoke it again.",
            "- Changes of \(contents.count(of: "accounts")) accounts, "
                + "\(contents.count(of: "endpoints")) endpoints and "
                + "\(contents.count(of: "redirects")) redirects, and new ones.",
            "",
        ]
    }

    private var next: [String] {
        var lines = [
            "Before you serve: compare with the rails' statements and the log, and tell merchants",
            "to compare their orders since then by /v1/payment/history. Keep this report.",
        ]
        if let missingKeyFile {
            lines.append(
                "The master key \(restoration.contents.installation.masterKeyID) is not in a "
                    + "backup: put it to \(missingKeyFile).")
        }
        return lines
    }
}
