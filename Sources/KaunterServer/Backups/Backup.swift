import Foundation
package import KaunterAPI
package import KaunterCore
import KaunterDatabase
import KaunterStorage

/// `kaunter backup`: one file that holds the whole store as it stood at one moment, proved to be
/// whole before it gets its name. The master key is not in it.
package struct Backup: Sendable {
    private let configuration: Configuration
    private let surroundings: Surroundings

    /// Letters in the name of a draft, so that two at once don't meet.
    private static let tokenLetters = 8

    package init(_ configuration: Configuration, surroundings: Surroundings = .real) {
        self.configuration = configuration
        self.surroundings = surroundings
    }

    /// Makes the backup and says what it holds. A file of this name is refused.
    package func make(to path: String) async throws -> JSONObject {
        let place = try BackupPlace(path, token: surroundings.token(length: Self.tokenLetters))
        do {
            let file = try FileBytes.writing(place.draft)
            let manifest =
                if let url = configuration.database.url {
                    try await dump(url, file, place)
                } else {
                    try await copy(file, place)
                }
            try file.write(try manifest.trailer()[...])
            try file.flush()
            let answer = try Self.answer(manifest, file, place)
            try place.publish()
            return answer
        } catch {
            place.remove()
            throw error
        }
    }

    private func copy(_ file: FileBytes, _ place: BackupPlace) async throws -> BackupManifest {
        let copier = EmbeddedCopy(configuration: configuration, surroundings: surroundings)
        let copy = try await copier.make()
        defer { unlink(copy.file) }
        let source = try FileBytes.reading(copy.file)
        // It stays readable, and is gone if this process is ended.
        unlink(copy.file)
        let bytes = try source.length()
        try source.read(bytes) { try file.write($0) }
        let manifest = BackupManifest(
            dialect: .sqlite, schemaName: nil, snapshotAt: copy.snapshotAt, payloadBytes: bytes,
            payloadSHA256: file.sha256, contents: copy.contents)
        try Self.verify(place.draft, holds: copy.contents)
        return manifest
    }

    private func dump(
        _ url: Secret, _ file: FileBytes, _ place: BackupPlace
    ) async throws -> BackupManifest {
        let dump = try PostgreSQLDump(url: url.revealed)
        let database = try PostgreSQLDatabase(url: url.revealed, connections: 1)
        let snapshot: PostgreSQLDump.Snapshot
        do {
            snapshot = try await dump.make(database, into: file, at: surroundings.now())
        } catch {
            await database.close()
            throw error
        }
        await database.close()
        try dump.verify(place.draft, holds: snapshot.contents)
        // The archive is hashed as it lies there, by a second look at it.
        let bytes = try file.length()
        try file.rewind()
        try file.read(bytes)
        return BackupManifest(
            dialect: .postgresql, schemaName: snapshot.schemaName, snapshotAt: snapshot.takenAt,
            payloadBytes: bytes, payloadSHA256: file.sha256, contents: snapshot.contents)
    }

    /// Reads a whole SQLite file: its pages, its references, its schema scripts and its numbers.
    static func verify(_ path: String, holds contents: StoreContents) throws {
        let migrator = try Migrator(dialect: .sqlite)
        let found = try SQLiteFile.look(into: path, thoroughly: true) { transaction in
            try migrator.contents(in: transaction, of: contents.rows.map(\.table))
        }
        guard found == contents else {
            throw ServerFault(.refused, "The copy does not hold what its snapshot held.")
        }
    }

    private static func answer(
        _ manifest: BackupManifest, _ file: FileBytes, _ place: BackupPlace
    ) throws -> JSONObject {
        let contents = manifest.contents
        return [
            "file": .string(place.path),
            "database": .string(manifest.dialect.rawValue),
            "mode": .string(contents.installation.mode.rawValue),
            "master_key": .string(contents.installation.masterKeyID),
            "schema": .integer(contents.schema),
            "snapshot_at": .string(manifest.snapshotAt.malaysianText),
            "snapshot_at_utc": .string(manifest.snapshotAt.utcText),
            "payments": .integer(contents.count(of: "payments")),
            "ended": .integer(contents.ended),
            "waiting": .integer(contents.waiting),
            "pending_notifications": .integer(contents.pendingNotifications),
            "last_payment_id": contents.lastPaymentID.map { .integer($0) } ?? .null,
            "bytes": .integer(try file.length()),
            "sha256": .string(file.sha256),
        ]
    }
}
