package import Foundation
package import KaunterCore
import KaunterDatabase
import Synchronization

/// Copies an embedded store while its process serves it: one copy at a time, on a thread of its
/// own, into the store's folder. Who asked for it takes the file away.
package final class StoreCopier: Sendable {
    /// A copy that is done: one file, which nobody has opened.
    package struct Copy: Sendable, Equatable {
        package let file: String
        /// Whatever was acknowledged before it is in the copy.
        package let snapshotAt: Moment
        package let contents: StoreContents

        package init(file: String, snapshotAt: Moment, contents: StoreContents) {
            self.file = file
            self.snapshotAt = snapshotAt
            self.contents = contents
        }
    }

    /// How far a copy is.
    package enum Progress: Sendable {
        case running
        case done(Copy)
        case failed(any Error)
    }

    /// The latest copy, and whether the store is about to close.
    private struct State {
        var latest: UUID?
        var progress: Progress?
        var isStopping = false

        var isRunning: Bool {
            if case .running? = progress { true } else { false }
        }
    }

    private let databaseFile: String
    private let folder: String
    private let surroundings: Surroundings
    private let state = Mutex(State())

    /// What the names of copies begin and end with: what a crash left of one is known by them.
    private static let nameBegin = "backup-"
    private static let nameEnd = ".partial"
    /// How many times its size the database's disk must have free.
    private static let roomFactor: UInt64 = 2
    /// Seconds between two looks at whether a copy that is being stopped has ended.
    private static let stopSeconds = 0.02

    package init(databaseFile: String, folder: String, surroundings: Surroundings) {
        self.databaseFile = databaseFile
        self.folder = folder
        self.surroundings = surroundings
    }

    /// Begins a copy and returns its name. Throws `Refusal.conflict` while another is under way.
    package func begin() throws -> UUID {
        let id = surroundings.uuid()
        let refusal = state.withLock { state -> Refusal? in
            guard !state.isRunning else { return .conflict("Another backup is under way.") }
            guard !state.isStopping else { return .conflict("The store is being closed.") }
            state.latest = id
            state.progress = .running
            return nil
        }
        if let refusal { throw refusal }
        Thread.detachNewThread {
            let progress = self.copy(id)
            self.state.withLock { $0.progress = progress }
        }
        return id
    }

    /// How far the copy of this name is; nil if it is not the latest.
    package func progress(of id: UUID) -> Progress? {
        state.withLock { $0.latest == id ? $0.progress : nil }
    }

    /// Gives up a copy that is under way, and begins none any more.
    package func stop() async {
        state.withLock { $0.isStopping = true }
        while state.withLock({ $0.isRunning }) {
            // Not cancelled: the database must not close under the copy.
            try? await surroundings.sleep(Self.stopSeconds)
        }
    }

    /// Removes what crashes left of copies. For the start of the process that serves the store.
    package func removeLeftovers() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where name.hasPrefix(Self.nameBegin) && name.contains(Self.nameEnd) {
            unlink("\(folder)/\(name)")
        }
    }

    /// Refuses a copy that would leave the store itself without room: it goes to the same disk.
    private func checkRoom() throws {
        var disk = statvfs()
        var file = stat()
        guard statvfs(folder, &disk) == 0, stat(databaseFile, &file) == 0 else {
            throw DatabaseFault(.gone, "the database's file can't be found")
        }
        let free = UInt64(disk.f_bavail) * UInt64(disk.f_frsize)
        guard free / Self.roomFactor >= UInt64(file.st_size) else {
            throw DatabaseFault(.full, "a copy needs twice the database's size of free room")
        }
    }

    private func copy(_ id: UUID) -> Progress {
        let file = "\(folder)/\(Self.nameBegin)\(id.text)\(Self.nameEnd)"
        do {
            try checkRoom()
            let migrator = try Migrator(dialect: .sqlite)
            // Before the snapshot is taken: nothing that is acknowledged by now is missing.
            let snapshotAt = surroundings.now()
            let contents = try SQLiteCopy.make(
                of: databaseFile, to: file, while: { !self.state.withLock { $0.isStopping } },
                look: { try migrator.contents(in: $0) })
            return .done(Copy(file: file, snapshotAt: snapshotAt, contents: contents))
        } catch {
            for ending in ["", "-journal", "-wal", "-shm"] { unlink(file + ending) }
            return .failed(error)
        }
    }
}
