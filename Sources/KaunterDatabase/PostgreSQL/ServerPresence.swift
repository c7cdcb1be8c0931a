import Logging
import Synchronization

/// What all threads know of whether the server answers.
///
/// After a vain try to connect nobody tries again before a pause is over, and acts fail at once: a
/// payer gets an answer instead of a hanging page, and a server that comes back is not
/// overrun. The pause doubles from try to try, up to a limit.
final class ServerPresence: Sendable {
    /// The last pause, and its end; both nil while the server answers.
    private struct State {
        var pause: Duration?
        var notBefore: ContinuousClock.Instant?
    }

    private let firstPause: Duration
    private let longestPause: Duration
    private let logger: Logger
    private let state = Mutex(State())

    init(_ limits: PostgreSQLLimits, logger: Logger) {
        firstPause = .milliseconds(max(1, limits.firstPauseMilliseconds))
        longestPause = .milliseconds(max(1, limits.longestPauseMilliseconds))
        self.logger = logger
    }

    /// Connects with `body`, unless a pause is on. Throws `.gone` in the pause, and what `body`
    /// throws.
    func connecting<Connection>(
        now: ContinuousClock.Instant = .now,
        _ body: () throws(DatabaseFault) -> Connection
    ) throws(DatabaseFault) -> Connection {
        let isPausing = state.withLock { $0.notBefore.map { now < $0 } ?? false }
        guard !isPausing else { throw .unreachable }
        do {
            let connection = try body()
            noteSuccess()
            return connection
        } catch {
            noteFailure(error)
            throw error
        }
    }

    /// A server that was asked did not answer in time: as good as away.
    func noteSilence() {
        noteFailure(DatabaseFault(.gone, "the database does not answer in time"))
    }

    private func noteSuccess() {
        let wasAway = state.withLock { state in
            defer { state = State() }
            return state.pause != nil
        }
        if wasAway { logger.notice("the database answers again") }
    }

    private func noteFailure(_ fault: DatabaseFault) {
        let isFirst = state.withLock { state in
            let pause = min(state.pause.map { $0 * 2 } ?? firstPause, longestPause)
            defer { state = State(pause: pause, notBefore: .now + pause) }
            return state.pause == nil
        }
        if isFirst {
            logger.warning("no connection to the database", metadata: ["reason": "\(fault)"])
        }
    }
}
