package import KaunterCore
import KaunterStorage

extension Engine {
    /// Looks at the whole house, and changes nothing. The limits are those of the alert rules where
    /// there is one.
    package func examine() async throws -> [Finding] {
        let now = now
        let outside = surroundings.outside()
        return try await reader.read { reading in
            var findings = [
                Finding(
                    "database", .ok,
                    "\(reading.databaseName), schema \(try reading.schemaNumber()), "
                        + "\(self.installation.mode.rawValue)")
            ]
            findings += try self.clocks(reading, now: now, outside: outside)
            findings += try self.keys(reading, at: now)
            findings += try self.receivers(reading, at: now)
            findings += try self.unknown(reading, at: now)
            findings += try self.money(reading, at: now)
            return findings
        }
    }

    // MARK: Clocks

    /// Seconds by which two clocks may differ.
    private static let clockWarnSeconds: Int64 = 2
    private static let clockFailSeconds: Int64 = 30
    private static let clockAdvice =
        "Have every machine follow a time server (chrony, systemd-timesyncd)."

    private func clocks(
        _ reading: Reading, now: Moment, outside: Moment
    ) throws -> [Finding] {
        var findings: [Finding] = []
        if let theirs = try reading.databaseClock() {
            let seconds = max(theirs.secondsSince(outside), outside.secondsSince(theirs)) - 1
            let state = Finding.State(
                seconds, warn: Self.clockWarnSeconds, fail: Self.clockFailSeconds)
            findings.append(
                Finding(
                    "clock", state,
                    state == .ok
                        ? "This machine's and the database server's agree."
                        : "This machine's and the database server's differ by \(seconds) s.",
                    advice: state == .ok ? "" : Self.clockAdvice))
        }
        let ahead = try reading.newestStory().map { $0.secondsSince(now) } ?? 0
        let state = Finding.State(
            ahead, warn: Self.clockWarnSeconds, fail: Self.clockFailSeconds)
        findings.append(
            Finding(
                "clock-order", state,
                state == .ok
                    ? "Nothing stored is later than now."
                    : "The newest story was written \(ahead) s after now: the clock went back.",
                advice: state == .ok ? "" : Self.clockAdvice))
        if let clock, clock.aheadSeconds > 0 {
            findings.append(
                Finding(
                    "sandbox-clock", .ok, "It is \(clock.aheadSeconds) s ahead of the real time."))
        }
        return findings
    }

    // MARK: Keys

    /// Days before its end at which a key is named, and keys that are named.
    private static let endDays: Int64 = 30
    private static let endingKeys = 10

    private func keys(_ reading: Reading, at now: Moment) throws -> [Finding] {
        let unsigned = try reading.accountsWithoutNotificationKey()
        let shut = try reading.accountsWithoutPaymentKey(at: now)
        let soon = now.adding(seconds: Self.endDays * Self.daySeconds)
        var findings = try reading.endingKeys(after: now, before: soon, limit: Self.endingKeys)
            .map { key in
                let left = key.endsAt.map { Self.words($0.secondsSince(now)) } ?? ""
                return Finding(
                    "keys", .warn,
                    "The last \(key.role.rawValue) key of account \(key.account.rawValue.text) "
                        + "ends in \(left).",
                    advice: "`kaunter keys issue` or `keys upload`, while both are good.")
            }
        if unsigned > 0 {
            findings.append(
                Finding(
                    "keys", .fail, "\(unsigned) accounts have no key to sign notifications with.",
                    advice: "Restore the store from a backup: a key is made with each account."))
        }
        if shut > 0 {
            findings.append(
                Finding(
                    "keys", .warn, "\(shut) accounts may take payments and have no payment key.",
                    advice: "`kaunter keys issue --for payment`, or `account set --payments off`."))
        }
        return findings.isEmpty ? [Finding("keys", .ok, "Every account has its keys.")] : findings
    }

    // MARK: Receivers

    /// Receivers that are named.
    private static let receivers = 10
    /// Seconds for which a delivery may be due.
    private static let overdueWarnSeconds: Int64 = 60
    private static let overdueFailSeconds: Int64 = 900
    private static let daySeconds: Int64 = 86_400

    private func receivers(_ reading: Reading, at now: Moment) throws -> [Finding] {
        var findings = try reading.sickReceivers(limit: Self.receivers).map { sick in
            let age = sick.oldestAt.map { ", the oldest for \(Self.words(now.secondsSince($0)))" }
            return Finding(
                "receivers", .warn,
                "\(sick.name) is \(sick.receiver.health.state.rawValue): \(sick.deliveries) "
                    + "notifications wait\(age ?? "").",
                advice: sick.receiver.health.state == .failing
                    ? "Tell the merchant; what waits is tried again by itself."
                    : "Once it answers: `kaunter receivers resume \"\(sick.receiver.queue)\"`.")
        }
        let abandoned = try reading.abandonedDeliveries(
            since: now.adding(seconds: -Self.daySeconds))
        if abandoned > 0 {
            findings.append(
                Finding(
                    "receivers", .warn, "\(abandoned) notifications were given up within a day.",
                    advice: "The merchants have to ask for those statuses: tell them."))
        }
        if findings.isEmpty {
            findings = [Finding("receivers", .ok, "None refuses what it is told.")]
        }
        let overdue = try reading.oldestDueDelivery(at: now).map { now.secondsSince($0) } ?? 0
        findings.append(
            age(
                "outbox", overdue, warn: Self.overdueWarnSeconds, fail: Self.overdueFailSeconds,
                "The oldest notification that is due waits for",
                advice: "Is a server running? Its log says why the worker stands."))
        return findings
    }

    // MARK: What is unknown

    /// Seconds for which an attempt's and a payout's fate may be unknown.
    private static let attemptSeconds: (warn: Int64, fail: Int64) = (900, 1_800)
    private static let payoutSeconds: (warn: Int64, fail: Int64) = (600, 3_600)
    private static let approvalSeconds: Int64 = 86_400

    private func unknown(_ reading: Reading, at now: Moment) throws -> [Finding] {
        let attempt = try reading.oldestOpenAttempt().map { now.secondsSince($0) } ?? 0
        let payout = try reading.oldestUnknownPayout().map { now.secondsSince($0) } ?? 0
        let approval = try reading.oldestApproval().map { now.secondsSince($0) } ?? 0
        return [
            age(
                "attempts", attempt, warn: Self.attemptSeconds.warn,
                fail: Self.attemptSeconds.fail, "The oldest attempt of unknown fate is open for",
                advice: "Is a server running, and does the rail answer? See the runbook."),
            age(
                "payouts", payout, warn: Self.payoutSeconds.warn, fail: Self.payoutSeconds.fail,
                "The oldest payout of unknown fate waits for",
                advice: "Ask the rail what became of it. Never send it again by hand."),
            age(
                "approvals", approval, warn: Self.approvalSeconds,
                "What was asked of a second operator waits for",
                advice: "`kaunter approvals list`."),
        ]
    }

    // MARK: Money

    private static let suspenseSeconds: Int64 = 86_400
    private static let unsealedSeconds: (warn: Int64, fail: Int64) = (60, 900)

    private func money(_ reading: Reading, at now: Moment) throws -> [Finding] {
        let suspense = try reading.oldestSuspense().map { now.secondsSince($0) } ?? 0
        let unsealed = try reading.oldestUnsealed().map { now.secondsSince($0) } ?? 0
        let imbalance = try reading.imbalance()
        return [
            age(
                "suspense", suspense, warn: Self.suspenseSeconds,
                "Money that belongs to nobody yet lies there for",
                advice: "`kaunter suspense list`, then assign or return each entry."),
            age(
                "seals", unsealed, warn: Self.unsealedSeconds.warn,
                fail: Self.unsealedSeconds.fail, "The oldest transfer without a seal waits for",
                advice: "Is a server running? Its log says why the sealer stands."),
            imbalance == 0
                ? Finding("books", .ok, "All balances are zero together.")
                : Finding(
                    "books", .fail, "All balances together are \(imbalance) sen, not zero.",
                    advice: "`kaunter audit`, and pay nothing out until it is clean."),
        ]
    }

    private func age(
        _ check: String, _ seconds: Int64, warn: Int64, fail: Int64 = .max, _ words: String,
        advice: String
    ) -> Finding {
        let state = Finding.State(seconds, warn: warn, fail: fail)
        return Finding(
            check, state, seconds == 0 ? "Nothing waits." : "\(words) \(Self.words(seconds)).",
            advice: state == .ok ? "" : advice)
    }

    /// A span of time for eyes: "3 d", "2 h", "5 min", "20 s".
    private static func words(_ seconds: Int64) -> String {
        if seconds >= 2 * 86_400 { return "\(seconds / 86_400) d" }
        if seconds >= 2 * 3_600 { return "\(seconds / 3_600) h" }
        return seconds >= 120 ? "\(seconds / 60) min" : "\(seconds) s"
    }
}

extension SickReceiver {
    /// By its queue and its origin: a path may hold the merchant's own secrets.
    fileprivate var name: String {
        var origin = "an address"
        if case .success(let address) = WebAddress.parse(receiver.address) {
            origin = address.origin
        }
        return "\(receiver.queue) at \(origin), of account \(receiver.account.rawValue.text),"
    }
}
