import Foundation
import Synchronization

/// The right of one process to write a SQLite store, kept by a lock on a file beside it.
///
/// The system gives the lock back when the process ends, however it ends. So it is the lock that
/// counts and not the file, which is never deleted.
package final class StoreLock: Sendable {
    private let descriptor: Mutex<CInt?>

    private init(_ descriptor: CInt) {
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        release()
    }

    /// Takes the lock, or returns nil when another holds it, be it in this process.
    ///
    /// The file is made when it is not there, readable by its owner only. Throws
    /// `DatabaseFault(.gone)` when it cannot be opened.
    package static func acquire(path: String) throws(DatabaseFault) -> StoreLock? {
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw DatabaseFault(.gone, "the lock file cannot be opened, error \(errno)")
        }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let error = errno
            if error == EINTR { continue }
            close(descriptor)
            if error == EWOULDBLOCK { return nil }
            throw DatabaseFault(.gone, "the lock file cannot be locked, error \(error)")
        }
        return StoreLock(descriptor)
    }

    /// Gives the lock back. Further calls do nothing.
    package func release() {
        descriptor.withLock { descriptor in
            // Closing the only descriptor of the file gives the lock back.
            if let held = descriptor { close(held) }
            descriptor = nil
        }
    }
}
