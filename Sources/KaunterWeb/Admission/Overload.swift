import HTTPTypes
import KaunterAPI

/// What is said when there is more to do than this house takes on (contract §6).
package enum Overload {
    /// Seconds after which to come again.
    static let retryAfterSeconds: Int64 = 1

    static let failure = Failure(
        .serviceUnavailable, "overloaded", "The service is busy. Please try again.",
        retryAfterSeconds: retryAfterSeconds)

    /// The answer to a connection that gets no place, before anything was asked on it.
    package static let noConnection: (headers: [(name: String, value: String)], body: String) = {
        let body = failure.reply.json.text
        return (
            [
                ("content-type", "application/json"), ("cache-control", "no-store"),
                ("content-length", String(body.utf8.count)),
                ("retry-after", String(retryAfterSeconds)), ("x-error-code", failure.code),
            ], body
        )
    }()
}
