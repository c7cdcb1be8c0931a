import Dispatch

/// A thread of its own for lives. They compute without a pause, and would hold up every other test
/// on the threads that all tasks share.
final class Lane: TaskExecutor {
    private let queue = DispatchQueue(label: "simulation", qos: .utility)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }
}
