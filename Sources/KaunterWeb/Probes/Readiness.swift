import Synchronization

/// Whether this node wants to be asked: from the signal to stop on, it does not.
package final class Readiness: Sendable {
    private let leaving = Atomic(false)

    package init() {}

    /// Whether the node is about to stop.
    var isLeaving: Bool { leaving.load(ordering: .relaxed) }

    /// From now on balancers are sent away.
    package func leave() {
        leaving.store(true, ordering: .relaxed)
    }
}
