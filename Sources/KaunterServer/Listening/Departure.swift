import KaunterCore
import KaunterWeb
import Logging
import ServiceLifecycle
import UnixSignals

/// Waits for the signal to stop, and lets the balancer notice before anything is closed.
///
/// From the signal on `/readyz` says that this node is leaving, and every answer is the last of its
/// connection. When the time for that is over, or a second signal comes, this service ends, and the
/// others are stopped with it.
struct Departure: ServiceLifecycle.Service {
    let drainSeconds: Int
    let readiness: Readiness
    let connections: Connections
    let surroundings: Surroundings
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            let (events, event) = AsyncStream.makeStream(
                of: Void.self, bufferingPolicy: .bufferingNewest(2))
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
                        event.yield()
                    }
                    event.finish()
                }
                var coming = events.makeAsyncIterator()
                if await coming.next() != nil, leave() {
                    group.addTask {
                        try? await surroundings.sleep(Double(drainSeconds))
                        event.yield()
                    }
                    _ = await coming.next()
                }
                group.cancelAll()
            }
        }
    }

    /// Tells everybody. Returns whether there is time for them to notice.
    private func leave() -> Bool {
        readiness.leave()
        connections.drain()
        logger.notice("leaving", metadata: ["drain_seconds": "\(drainSeconds)"])
        return drainSeconds > 0
    }
}
