import Dispatch

/// Opens once. A database's thread blocks on it, and a task awaits it, until then.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func open() {
        semaphore.signal()
        continuation.finish()
    }

    /// Blocks the calling thread. A test that went wrong elsewhere must still end, so it gives up
    /// in time.
    func block() {
        _ = semaphore.wait(timeout: .now() + 20)
        semaphore.signal()
    }

    /// Suspends the calling task. For one task only.
    func opened() async {
        for await _ in stream {}
    }
}
