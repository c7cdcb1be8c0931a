import Foundation
package import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage

/// `kaunter restore`: makes a store of a backup where there is none, and says what it may have
/// forgotten.
package struct Restore: Sendable {
    private let configuration: Configuration
    private let surroundings: Surroundings

    package init(_ configuration: Configuration, surroundings: Surroundings = .real) {
        self.configuration = configuration
        self.surroundings = surroundings
    }

    /// Restores a backup's file.
    ///
    /// - Parameters:
    ///   - sha256: what the file's SHA-256 must be, if it is known.
    ///   - idsAheadAtLeast: how far the ids jump at least, beyond what the store's own pace asks.
    package func restore(
        from path: String, sha256: String?, idsAheadAtLeast: Int64
    ) async throws -> RestoreReport {
        guard (0...Restoration.mostIDsAhead).contains(idsAheadAtLeast) else {
            throw ServerFault(
                .refused, "--ids-ahead must be from 0 to \(Restoration.mostIDsAhead).")
        }
        let url = configuration.database.url
        // What is in the way is told before a large file is read.
        let folder = try url == nil ? RestoredFolder(configuration.database.folder) : nil
        let backup = try BackupFile(path, wanted: sha256)
        try backup.check(url == nil ? .sqlite : .postgresql)
        let keyFile = try masterKeyFile(of: backup)
        let now = surroundings.now()
        let restoration =
            if let folder {
                try await folder.restore(backup, idsAheadAtLeast: idsAheadAtLeast, at: now)
            } else if let url {
                try await RestoredDatabase(url).restore(
                    backup, idsAheadAtLeast: idsAheadAtLeast, at: now)
            } else {
                throw OpenStore.missing
            }
        return RestoreReport(
            restoration: restoration, sha256: backup.sha256,
            missingKeyFile: keyFile)
    }

    /// Refuses another store's key; returns where the right one is missing, or nil if it is there.
    private func masterKeyFile(of backup: BackupFile) throws -> String? {
        let file =
            configuration.keys.masterKeyFile
            ?? StoreFolder(configuration.database.folder).masterKeyFile
        guard FileManager.default.fileExists(atPath: file) else { return file }
        let id = backup.manifest.contents.installation.masterKeyID
        guard try MasterKey(reading: file).id == id else {
            throw ServerFault(
                .configuration,
                "The master key in \(file) is another store's: the backup needs the one with the "
                    + "id \(id).")
        }
        return nil
    }
}
