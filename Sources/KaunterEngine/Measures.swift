import KaunterCore
import Metrics
import Synchronization

/// What the engine counts. Labels are words of closed lists: never an account, an order or a
/// person.
///
/// Counters are made once, and all of them at the start: a rate can't be told of one that is not
/// there yet.
package enum Measures {
    private static let created = counters("kaunter_payments_created_total", "service", services)
    private static let ended = services.map { service in
        counters(
            "kaunter_payments_ended_total", "status", ["paid", "cancel", "fail"],
            beside: ("service", service))
    }
    private static let verified = counters(
        "kaunter_signatures_verified_total", "digest", ["sha1", "sha256"])
    private static let notifications = counters(
        "kaunter_notifications_total", "outcome", ["delivered", "failed", "abandoned"])
    private static let faults = counters(
        "kaunter_worker_faults_total", "worker",
        ["notifications", "outcome-poller", "expirer", "surveyor", "releaser", "sealer", "payouts"])
    private static let payoutsCreated = Counter(label: "kaunter_payouts_created_total")
    private static let payoutsEnded = counters(
        "kaunter_payouts_ended_total", "status", ["paid", "cancel", "fail"])
    private static let payoutsContradicted = Counter(label: "kaunter_payouts_contradicted_total")
    private static let services = Service.allCases.map(\.rawValue)

    /// Makes every counter, at zero.
    package static func begin() {
        _ = (created, ended, verified, notifications, faults)
        _ = (payoutsCreated, payoutsEnded, payoutsContradicted)
    }

    static func paymentCreated(_ payment: Payment) {
        created[payment.depositCode.service.rawValue]?.increment()
    }

    static func paymentEnded(_ payment: Payment) {
        let service = payment.depositCode.service.rawValue
        guard let index = services.firstIndex(of: service) else { return }
        ended[index][payment.status.rawValue]?.increment()
    }

    static func payoutCreated() {
        payoutsCreated.increment()
    }

    static func payoutEnded(_ payout: Payout) {
        payoutsEnded[payout.status.rawValue]?.increment()
    }

    static func payoutContradicted() {
        payoutsContradicted.increment()
    }

    static func signatureVerified(digest: String) {
        verified[digest]?.increment()
    }

    static func notificationSent(outcome: String) {
        notifications[outcome]?.increment()
    }

    static func workerFailed(_ worker: String) {
        faults[worker]?.increment()
    }

    /// Remembers a worker's good turn, so that one that stands still is seen.
    static func workerTurned(_ worker: String, at now: Moment) {
        Gauge(label: "kaunter_worker_turn_at_seconds", dimensions: [("worker", worker)])
            .record(now.microseconds / 1_000_000)
    }

    static func databaseAnswers(_ answers: Bool) {
        Gauge(label: "kaunter_database_up").record(answers ? 1 : 0)
    }

    private static func counters(
        _ name: String, _ label: String, _ words: [String], beside other: (String, String)? = nil
    ) -> [String: Counter] {
        let others = other.map { [$0] } ?? []
        let pairs = words.map { word in
            (word, Counter(label: name, dimensions: others + [(label, word)]))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}
