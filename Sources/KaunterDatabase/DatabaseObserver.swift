/// Something that a database did, for whoever measures it.
package enum DatabaseObservation: Sendable, Equatable {
    /// A write transaction is about to be committed.
    case committing
    /// So many acts became durable with one commit, which took so long.
    case committed(acts: Int, seconds: Double)
    /// An act began to wait for a thread.
    case queued
    /// An act got its thread after it had waited so long.
    case waited(seconds: Double)
    /// An act was refused since the queue was full.
    case refused
}

/// Is called on the database's threads, and must not block them.
package typealias DatabaseObserver = @Sendable (DatabaseObservation) -> Void
