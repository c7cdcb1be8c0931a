import Foundation
import Synchronization

/// A fixed number of threads fed from one bounded queue of acts.
///
/// The C libraries below block their thread, so they get threads of their own and never the few
/// on which all of Swift's tasks run.
final class DatabaseThreads: Sendable {
    /// How many threads still run, and who waits for the last of them.
    private struct Ending {
        var running: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// Counts the threads that still run. Apart from `DatabaseThreads`, so that the threads do not
    /// keep alive what would close their queue.
    private final class Latch: Sendable {
        private let ending: Mutex<Ending>

        init(running: Int) {
            ending = Mutex(Ending(running: running))
        }

        func oneEnded() {
            let waiting = ending.withLock { ending in
                ending.running -= 1
                guard ending.running == 0 else { return [CheckedContinuation<Void, Never>]() }
                defer { ending.waiting = [] }
                return ending.waiting
            }
            for waiter in waiting { waiter.resume() }
        }

        func wait() async {
            await withCheckedContinuation { waiter in
                let hasEnded = ending.withLock { ending in
                    if ending.running > 0 { ending.waiting.append(waiter) }
                    return ending.running == 0
                }
                if hasEnded { waiter.resume() }
            }
        }
    }

    private let queue: BoundedQueue<Act>
    private let latch: Latch
    private let observer: DatabaseObserver?

    /// Starts `count` threads, at least one. Each runs `body` once, which takes from the queue
    /// until it is closed and dry.
    init(
        name: String,
        count: Int,
        queueLimit: Int,
        observer: DatabaseObserver?,
        body: @escaping @Sendable (BoundedQueue<Act>) -> Void
    ) {
        let count = max(1, count)
        let queue = BoundedQueue<Act>(limit: queueLimit)
        let latch = Latch(running: count)
        self.queue = queue
        self.latch = latch
        self.observer = observer
        for number in 1...count {
            Thread.detachNewThread {
                Thread.current.name = "\(name)-\(number)"
                body(queue)
                latch.oneEnded()
            }
        }
    }

    /// A database that nobody closed must not leave its threads behind.
    deinit {
        queue.close()
    }

    /// Queues an act and waits for what becomes of it. Throws `.overloaded` when the queue is full,
    /// `.gone` when it is closed, and what the act throws.
    func perform<Answer: Sendable>(
        _ kind: Act.Kind,
        _ body: @escaping @Sendable (any Transaction) throws -> Answer
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { caller in
            let act = Act(kind, for: caller, body)
            switch queue.append(act) {
            case .admitted: observer?(.queued)
            case .closed: act.refuse(DatabaseFault.closed)
            case .full:
                observer?(.refused)
                act.refuse(DatabaseFault.overloaded)
            }
        }
    }

    /// Lets no further act in, and comes back when all that are queued have been performed and the
    /// threads have ended. May be called more than once.
    func close() async {
        queue.close()
        await latch.wait()
    }
}
