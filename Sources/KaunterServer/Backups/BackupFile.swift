import Foundation
import KaunterDatabase
import KaunterStorage

/// A backup's file whose every byte was read and is as it was written.
struct BackupFile: Sendable {
    let path: String
    let manifest: BackupManifest
    /// Of the whole file, in lower-case hex.
    let sha256: String

    /// Reads and checks a file.
    ///
    /// - Parameter wanted: the SHA-256 that it must have, if the operator knows it.
    init(_ path: String, wanted: String?) throws {
        let file = try FileBytes.reading(path)
        let payloadBytes = try file.length() - Int64(BackupManifest.trailerBytes)
        guard payloadBytes > 0 else { throw Self.unfinished(path) }
        try file.read(payloadBytes)
        let payload = file.sha256
        var trailer: [UInt8] = []
        try file.read(Int64(BackupManifest.trailerBytes)) { trailer += $0 }
        guard let manifest = BackupManifest(trailer: trailer) else { throw Self.unfinished(path) }
        guard manifest.payloadBytes == payloadBytes, manifest.payloadSHA256 == payload else {
            throw ServerFault(
                .refused, "\(path) is damaged: its bytes are not those that were written.")
        }
        guard wanted == nil || wanted?.lowercased() == file.sha256 else {
            throw ServerFault(
                .refused, "\(path) is whole, but its SHA-256 is another: \(file.sha256)")
        }
        self.path = path
        self.manifest = manifest
        sha256 = file.sha256
    }

    /// Refuses what this program, at this database, can't make a store of.
    func check(_ dialect: Dialect) throws {
        guard manifest.dialect == dialect else {
            throw ServerFault(
                .refused,
                manifest.dialect == .sqlite
                    ? "The backup is of an embedded store (SQLite): restore it without a "
                        + "database URL."
                    : "The backup is of a store on PostgreSQL: name one with --database-url.")
        }
        guard manifest.contents.schema <= (try Migrator(dialect: dialect)).newest else {
            throw ServerFault(.refused, "The backup was made by a newer kaunter.")
        }
    }

    /// What a restoration goes by.
    var origin: Restorer.Origin {
        Restorer.Origin(
            snapshotAt: manifest.snapshotAt, contents: manifest.contents, sha256: sha256)
    }

    private static func unfinished(_ path: String) -> ServerFault {
        ServerFault(
            .refused,
            "\(path) is damaged, or no backup: its end is not what `kaunter backup` writes.")
    }
}
