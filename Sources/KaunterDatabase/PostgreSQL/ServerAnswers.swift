import CPostgreSQL
import Foundation
import Synchronization

/// Waits for what a server answers, but not for ever. Lives on its connection's thread.
///
/// The server's own time-outs don't help against a server that stands still: its system goes on
/// acknowledging what is sent to it.
final class ServerAnswers {
    private let connection: OpaquePointer
    private let patience: Duration

    /// True once an answer did not come in time. The connection is of no use from then on.
    private(set) var isLate = false

    init(of connection: OpaquePointer, within patience: Duration) {
        self.connection = connection
        self.patience = patience
    }

    /// The answer to all that was sent at once: the last, or the first that is an error. Nil when
    /// the connection broke.
    func next() throws(DatabaseFault) -> OpaquePointer? {
        let end = ContinuousClock.now + patience
        var last: OpaquePointer?
        while true {
            while PQisBusy(connection) == 1 {
                guard try isReadable(before: end, abandoning: last), PQconsumeInput(connection) == 1
                else { break }
            }
            // Still busy although nothing more can come: the connection broke in the middle, and
            // what is there so far is not the answer.
            let isBroken = PQisBusy(connection) == 1
            let result = isBroken ? nil : PQgetResult(connection)
            guard !isBroken, let result else {
                guard isBroken, let partial = last else { return last }
                PQclear(partial)
                return nil
            }
            if let last { PQclear(last) }
            last = result
        }
    }

    /// Waits until something has come. False when the socket is gone.
    private func isReadable(
        before end: ContinuousClock.Instant, abandoning result: OpaquePointer?
    ) throws(DatabaseFault) -> Bool {
        while true {
            let left = end - .now
            guard left > .zero else {
                isLate = true
                if let result { PQclear(result) }
                Cancellation.ask(connection)
                throw DatabaseFault(.gone, "the database did not answer in time")
            }
            var place = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
            guard place.fd >= 0 else { return false }
            let milliseconds = max(1, Int32(clamping: Int64(left / .milliseconds(1))))
            let count = poll(&place, 1, milliseconds)
            if count > 0 { return true }
            if count < 0, errno != EINTR { return false }
        }
    }
}

/// Asks a server to give up what it does for a connection that nobody waits for any more: a commit
/// that waits for its standby would else keep its place on the server for ever.
private enum Cancellation {
    private static let isUnderWay = Atomic(false)

    /// Asks on a thread of its own, since a silent server does not answer this either; one at a
    /// time, so that there is never more than one such thread.
    static func ask(_ connection: OpaquePointer) {
        guard
            isUnderWay.compareExchange(
                expected: false, desired: true, ordering: .acquiringAndReleasing
            ).exchanged
        else { return }
        guard let request = PQgetCancel(connection) else {
            isUnderWay.store(false, ordering: .releasing)
            return
        }
        let address = UInt(bitPattern: request)
        Thread.detachNewThread {
            if let request = OpaquePointer(bitPattern: address) {
                // What goes wrong is not told: the connection is given up in any case.
                var words = [CChar](repeating: 0, count: 256)
                PQcancel(request, &words, CInt(words.count))
                PQfreeCancel(request)
            }
            isUnderWay.store(false, ordering: .releasing)
        }
    }
}
