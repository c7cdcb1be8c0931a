import KaunterCore
import Metrics

/// What the engine counts. Labels are words of closed lists: never an account, an order or a
/// person.
enum Measures {
    static func paymentCreated(_ payment: Payment) {
        Counter(
            label: "kaunter_payments_created_total",
            dimensions: [("service", payment.depositCode.service.rawValue)]
        ).increment()
    }

    static func paymentEnded(_ payment: Payment) {
        Counter(
            label: "kaunter_payments_ended_total",
            dimensions: [
                ("service", payment.depositCode.service.rawValue),
                ("status", payment.status.rawValue),
            ]
        ).increment()
    }

    static func signatureVerified(digest: String) {
        Counter(
            label: "kaunter_signatures_verified_total", dimensions: [("digest", digest)]
        ).increment()
    }

    static func notificationSent(outcome: String) {
        Counter(
            label: "kaunter_notifications_total", dimensions: [("outcome", outcome)]
        ).increment()
    }

    static func outbox(depth: Int64, oldestSeconds: Int64) {
        Gauge(label: "kaunter_outbox_depth").record(depth)
        Gauge(label: "kaunter_outbox_oldest_seconds").record(oldestSeconds)
    }

    static func workerFailed(_ worker: String) {
        Counter(
            label: "kaunter_worker_faults_total", dimensions: [("worker", worker)]
        ).increment()
    }
}
