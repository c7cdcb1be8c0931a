import Foundation
package import KaunterAPI
package import KaunterCore
import KaunterDatabase
import KaunterStorage
import KaunterWeb

/// Named copies of a sandbox: backups in a folder beside the store, and a restore over the store.
/// A live store has neither: its backups go elsewhere, and nothing is restored over it.
package struct SandboxSnapshots: Sendable {
    private let configuration: Configuration
    private let surroundings: Surroundings

    /// The folder in the data folder, and the end of a snapshot's name there.
    private static let folder = "snapshots"
    private static let ending = ".backup"
    private static let nameCharacters = 1...64
    /// What a store is called while another is put into its place.
    private static let asideEnding = ".before"
    /// The files of an embedded database, the log before what it belongs to.
    private static let fileEndings = ["-wal", "-shm", ""]

    package init(_ configuration: Configuration, surroundings: Surroundings = .real) {
        self.configuration = configuration
        self.surroundings = surroundings
    }

    /// Copies the sandbox under this name, while it is served or not.
    package func make(_ name: String) async throws -> JSONObject {
        let file = try file(name)
        let reply = try await ControlLine(configuration, surroundings: surroundings)
            .perform(.showClock, [:])
        guard reply.status == 200 else { throw Self.notSandbox }
        try? FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path,
            withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        var answer = try await Backup(configuration, surroundings: surroundings).make(to: file)
        answer.set("snapshot", to: .string(name))
        return answer
    }

    /// Puts the snapshot into the sandbox's place. No server may run.
    package func restore(_ name: String) async throws -> RestoreReport {
        let file = try file(name)
        guard FileManager.default.fileExists(atPath: file) else {
            throw ServerFault(.refused, "There is no snapshot \(name).")
        }
        guard
            let store = try await OpenStore.open(
                configuration, for: .acting, surroundings: surroundings)
        else {
            throw ServerFault(
                .unavailable, "A server has the store: stop it, restore, and start it again.")
        }
        let isSandbox = store.installation.mode == .sandbox
        await store.close()
        guard isSandbox else { throw Self.notSandbox }
        let restore = Restore(configuration, surroundings: surroundings)
        if let url = configuration.database.url {
            try await clear(url)
            return try await restore.restore(from: file, sha256: nil, idsAheadAtLeast: 0)
        }
        return try await replaceFile {
            try await restore.restore(from: file, sha256: nil, idsAheadAtLeast: 0)
        }
    }

    private static let notSandbox = ServerFault(
        .refused, "Only a sandbox has snapshots: see `kaunter backup`.")

    private func file(_ name: String) throws -> String {
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789-_"
        guard Self.nameCharacters.contains(name.count), name.allSatisfy(letters.contains) else {
            throw ServerFault(
                .refused, "A snapshot's name has 1 to 64 small letters, digits, - and _.")
        }
        let folder = StoreFolder(configuration.database.folder).path
        return "\(folder)/\(Self.folder)/\(name)\(Self.ending)"
    }

    /// The old files are removed when the new one stands, and come back if it does not. A log goes
    /// with its database.
    private func replaceFile(
        _ restore: () async throws -> RestoreReport
    ) async throws -> RestoreReport {
        let file = StoreFolder(configuration.database.folder).databaseFile
        let names = Self.fileEndings.map { file + $0 }
            .filter { FileManager.default.fileExists(atPath: $0) }
        for name in names {
            guard rename(name, name + Self.asideEnding) == 0 else {
                throw ServerFault(.cantCreate, "\(name + Self.asideEnding) can't be made.")
            }
        }
        do {
            let report = try await restore()
            for name in names { unlink(name + Self.asideEnding) }
            return report
        } catch {
            for name in names { rename(name + Self.asideEnding, name) }
            throw error
        }
    }

    /// Empties the database, unless somebody else is in it.
    private func clear(_ url: Secret) async throws {
        let database = try PostgreSQLDatabase(url: url.revealed, connections: 1)
        do {
            let others = try await database.read { transaction in
                try transaction.rows(
                    """
                    SELECT count(*) AS n FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """
                ).first?.integer("n")
            }
            guard others == 0 else {
                throw ServerFault(
                    .unavailable,
                    "Others are connected to the database: stop the servers, restore, and start "
                        + "them again.")
            }
            try await Restorer(database).clear()
            await database.close()
        } catch {
            await database.close()
            throw error
        }
    }
}
