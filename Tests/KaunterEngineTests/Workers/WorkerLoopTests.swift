import KaunterCore
import KaunterEngine
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@Suite("The loop around a worker")
struct WorkerLoopTests {
    /// A worker that does one thing at its first turn, and counts its turns.
    private final class OneJob: Worker {
        let name = "one-job"
        private let turns = Mutex(0)
        private let job: @Sendable () async -> Void

        init(_ job: @escaping @Sendable () async -> Void) {
            self.job = job
        }

        var turnCount: Int { turns.withLock { $0 } }

        func turn(now: Moment, spawn: Spawn) async throws -> Moment? {
            let isFirst = turns.withLock { turns in
                turns += 1
                return turns == 1
            }
            if isFirst { spawn(job) }
            return nil
        }
    }

    /// Whether something was so, told by another task.
    private final class Note: Sendable {
        private let value = Mutex<Bool?>(nil)
        var said: Bool? { value.withLock { $0 } }
        func say(_ isSo: Bool) { value.withLock { $0 = isSo } }
    }

    private static func loop(_ worker: some Worker, bell: Bell) -> WorkerLoop {
        WorkerLoop(
            worker, bell: bell, surroundings: .fixed(clock: ManualClock()),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private static func group(_ loop: WorkerLoop) -> ServiceGroup {
        ServiceGroup(
            services: [loop], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test("a loop that sleeps ends when it is asked to")
    func ends() async throws {
        let worker = OneJob {}
        let group = Self.group(
            WorkerLoop(
                worker, bell: Bell(), surroundings: .real,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        let running = Task { try await group.run() }
        for _ in 0..<1_000_000 where worker.turnCount < 1 { await Task.yield() }
        await group.triggerGracefulShutdown()
        try await running.value
        #expect(worker.turnCount >= 1)
    }

    @Test("what was started is finished before the loop ends, and is not broken off")
    func finishes() async throws {
        let (started, resume) = (Bell(), Bell())
        let wasCancelled = Note()
        let worker = OneJob {
            started.ring()
            await resume.wait()
            wasCancelled.say(Task.isCancelled)
        }
        let group = Self.group(Self.loop(worker, bell: Bell()))
        let running = Task { try await group.run() }
        await started.wait()
        await group.triggerGracefulShutdown()
        for _ in 0..<1_000 { await Task.yield() }
        resume.ring()
        try await running.value
        #expect(wasCancelled.said == false)
    }

    @Test("turns go on while work is under way")
    func goesOn() async throws {
        let resume = Bell()
        let worker = OneJob { await resume.wait() }
        let bell = Bell()
        let running = Task { try await Self.loop(worker, bell: bell).run() }
        for _ in 0..<1_000_000 where worker.turnCount < 5 { await Task.yield() }
        #expect(worker.turnCount >= 5)
        running.cancel()
        resume.ring()
        try await running.value
    }
}
