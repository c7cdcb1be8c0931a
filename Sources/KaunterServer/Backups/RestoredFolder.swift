import Foundation
import KaunterCore
import KaunterDatabase
import KaunterStorage

/// Makes an embedded store of a backup, in a folder that has none. The store gets its name when it
/// is complete, its ids ahead and all; until then no command finds it.
struct RestoredFolder: Sendable {
    private let folder: StoreFolder
    private let wasThere: Bool

    private static let endings = ["", "-wal", "-shm", "-journal"]
    private var draft: String { "\(folder.path)/restoring.sqlite" }

    /// Takes a folder that holds no store. Nothing is made yet.
    init(_ path: String) throws {
        folder = StoreFolder(path)
        wasThere = FileManager.default.fileExists(atPath: folder.path)
        try refuseStore()
    }

    /// Puts the backup there.
    func restore(
        _ backup: BackupFile, idsAheadAtLeast least: Int64, at now: Moment
    ) async throws -> Restoration {
        try folder.make()
        guard let lock = try StoreLock.acquire(path: folder.lockFile) else {
            throw ServerFault(.unavailable, "Another process has the folder \(folder.path).")
        }
        do {
            // Again: another may have made a store before the lock was ours.
            try refuseStore()
            removeDraft()
            try copy(backup)
            let restoration = try await finish(backup, least, now)
            try publish()
            lock.release()
            return restoration
        } catch {
            removeDraft()
            if !wasThere {
                unlink(folder.lockFile)
                rmdir(folder.path)
            }
            lock.release()
            throw error
        }
    }

    private func copy(_ backup: BackupFile) throws {
        let source = try FileBytes.reading(backup.path)
        let target = try FileBytes.writing(draft)
        try source.read(backup.manifest.payloadBytes) { try target.write($0) }
        // The file may have changed since it was checked.
        guard target.sha256 == backup.manifest.payloadSHA256 else {
            throw ServerFault(.refused, "\(backup.path) changed while it was read.")
        }
        try target.flush()
        try Backup.verify(draft, holds: backup.manifest.contents)
    }

    private func finish(
        _ backup: BackupFile, _ least: Int64, _ now: Moment
    ) async throws -> Restoration {
        let database = try SQLiteDatabase(path: draft, readers: 1)
        do {
            let restoration = try await Restorer(database).finish(
                backup.origin, idsAheadAtLeast: least, at: now)
            await database.close()
            return restoration
        } catch {
            await database.close()
            throw error
        }
    }

    private func publish() throws(ServerFault) {
        for ending in Self.endings.dropFirst() {
            guard !FileManager.default.fileExists(atPath: draft + ending) else {
                throw ServerFault(.unavailable, "The restored database did not close tidily.")
            }
        }
        guard rename(draft, folder.databaseFile) == 0 else {
            throw ServerFault(.cantCreate, "\(folder.databaseFile) can't be made.")
        }
        try FileBytes.flushFolder(folder.path)
    }

    private func removeDraft() {
        for ending in Self.endings { unlink(draft + ending) }
    }

    /// A log without its database is what remains of a store: SQLite would mix it into ours.
    private func refuseStore() throws(ServerFault) {
        for ending in Self.endings
        where FileManager.default.fileExists(atPath: folder.databaseFile + ending) {
            throw ServerFault(
                .refused,
                "There is a store in \(folder.path), or what remains of one: a restore goes into "
                    + "a place that holds none. Move the folder aside first.")
        }
    }
}
