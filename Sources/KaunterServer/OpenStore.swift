import Foundation
package import KaunterCore
package import KaunterDatabase
import KaunterEngine
package import KaunterStorage
import Logging

/// A store that is open: its schema is this program's, its kind and its master key are as they must
/// be, and on SQLite this process is the only one that writes.
package struct OpenStore: Sendable {
    package let storage: Storage
    package let installation: Installation
    let masterKey: MasterKey
    /// The surroundings of what is done with it: in a sandbox its own clock.
    let surroundings: Surroundings
    /// Nil in a live store.
    let clock: SandboxClock?
    let isEmbedded: Bool
    /// Copies the store while it is open; nil on PostgreSQL, which copies itself.
    let copier: StoreCopier?
    private let lock: StoreLock?

    /// What a store is opened for.
    package enum Purpose: Sendable, Equatable {
        /// To serve or migrate: made as this kind, if it is not there yet.
        case owning(Installation.Mode)
        /// For one act: it must be there.
        case acting
    }

    /// Opens the store of this configuration.
    ///
    /// - Returns: nil if another process has the embedded database.
    package static func open(
        _ configuration: Configuration, for purpose: Purpose, surroundings: Surroundings,
        observer: DatabaseObserver? = nil
    ) async throws -> OpenStore? {
        let folder = StoreFolder(configuration.database.folder)
        let isNew = configuration.database.url == nil && !folder.hasDatabase
        if isNew, purpose == .acting { throw missing }
        let mode: Installation.Mode? = if case .owning(let mode) = purpose { mode } else { nil }
        // A live store is not even made without its key.
        if mode == .live { _ = try masterKeyOfLive(configuration, folder) }
        if purpose != .acting { try folder.make() }

        var lock: StoreLock?
        if configuration.database.url == nil {
            lock = try StoreLock.acquire(path: folder.lockFile)
            if lock == nil { return nil }
        }
        let database = try openDatabase(configuration.database, folder, observer)
        do {
            return try await check(
                database, lock: lock, mode: mode, configuration, folder, surroundings)
        } catch {
            await database.close()
            throw error
        }
    }

    /// Closes the database and lets others have it.
    package func close() async {
        await copier?.stop()
        await storage.close()
        lock?.release()
    }

    static let missing = ServerFault(
        .refused,
        "There is no store here. `kaunter serve --sandbox` or `kaunter migrate --sandbox` makes "
            + "one for trying out; without --sandbox it is made for live money.")

    private static func openDatabase(
        _ configuration: DatabaseConfiguration, _ folder: StoreFolder,
        _ observer: DatabaseObserver?
    ) throws -> any Database {
        guard let url = configuration.url else {
            return try SQLiteDatabase(path: folder.databaseFile, observer: observer)
        }
        return try PostgreSQLDatabase(
            url: url.revealed, connections: configuration.connections, observer: observer)
    }

    private static func check(
        _ database: any Database, lock: StoreLock?, mode: Installation.Mode?,
        _ configuration: Configuration, _ folder: StoreFolder, _ surroundings: Surroundings
    ) async throws -> OpenStore {
        let storage = Storage(database: database, surroundings: surroundings)
        let now = surroundings.now()
        let migrator = try Migrator(dialect: database.dialect)
        if mode != nil {
            _ = try await migrator.migrate(database, at: now)
        }
        var known: Installation?
        do {
            known = try await storage.reader.read { try $0.installation() }
        } catch  where mode == nil && !StorageFault.isTemporary(error) {
            throw missing
        }
        guard let kind = known?.mode ?? mode else { throw missing }
        try await storage.reader.read { try migrator.check($0) }
        if let mode, mode != kind {
            throw ServerFault(
                .refused,
                kind == .sandbox
                    ? "This store is a sandbox and stays one: start it with --sandbox."
                    : "This store is for live money and stays so: start it without --sandbox.")
        }
        let key = try masterKey(of: kind, configuration, folder, isNew: known == nil, surroundings)
        if known == nil {
            let founded = Installation(mode: kind, masterKeyID: key.id)
            try await storage.write { try $0.found(founded, at: now) }
            // Of two nodes that start at once, one was first: what it founded counts for both.
            known = try await storage.reader.read { try $0.installation() }
        }
        guard let known, known.masterKeyID == key.id else {
            throw ServerFault(
                .configuration,
                "The master key is not the one of this store: its secrets were sealed by another. "
                    + "Nodes that share a database share one --master-key file.")
        }
        let isEmbedded = configuration.database.url == nil
        let copier =
            isEmbedded
            ? StoreCopier(
                databaseFile: folder.databaseFile, folder: folder.path, surroundings: surroundings)
            : nil
        if mode != nil { copier?.removeLeftovers() }
        var clock: SandboxClock?
        if kind == .sandbox {
            clock = SandboxClock(
                aheadSeconds: try await storage.reader.read { try $0.clockAheadSeconds() })
        }
        return OpenStore(
            storage: storage, installation: known, masterKey: key,
            surroundings: clock.map { surroundings.following($0) } ?? surroundings, clock: clock,
            isEmbedded: isEmbedded,
            copier: copier, lock: lock)
    }

    private static func masterKey(
        of mode: Installation.Mode, _ configuration: Configuration, _ folder: StoreFolder,
        isNew: Bool, _ surroundings: Surroundings
    ) throws -> MasterKey {
        if mode == .live { return try masterKeyOfLive(configuration, folder) }
        let file = configuration.keys.masterKeyFile ?? folder.masterKeyFile
        if isNew, !FileManager.default.fileExists(atPath: file) {
            try folder.make()
            let key = try MasterKey.generate(random: surroundings.randomBytes)
            do throws(MasterKeyFault) {
                try key.write(to: file)
                return key
            } catch {
                // Another node that shares this folder was first: its key is the one.
                guard case .file(_, code: EEXIST) = error else { throw error }
            }
        }
        return try MasterKey(reading: file)
    }

    private static func masterKeyOfLive(
        _ configuration: Configuration, _ folder: StoreFolder
    ) throws -> MasterKey {
        guard let file = configuration.keys.masterKeyFile else {
            throw ServerFault(
                .configuration,
                "Live money needs a master key: make one with `kaunter keys master --out FILE`, "
                    + "keep it outside the data folder, and name it with --master-key FILE. (To "
                    + "try Kaunter out, use --sandbox.)")
        }
        guard !folder.holds(file) else {
            throw ServerFault(
                .configuration,
                "The master key must lie outside the data folder: who gets a copy of the folder "
                    + "must not get the key with it.")
        }
        return try MasterKey(reading: file)
    }
}
