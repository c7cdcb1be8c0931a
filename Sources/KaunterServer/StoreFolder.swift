import Foundation
import KaunterDatabase

/// The data folder and what lies in it.
struct StoreFolder: Sendable {
    let path: String

    var databaseFile: String { "\(path)/kaunter.sqlite" }
    var lockFile: String { "\(path)/kaunter.lock" }
    var controlSocket: String { "\(path)/control.sock" }
    var masterKeyFile: String { "\(path)/master.key" }

    /// Bytes of a unix socket's path, with the zero at its end (`sockaddr_un`).
    private static let socketPathBytes = 107

    init(_ path: String) {
        self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    }

    /// Whether an embedded database was made here.
    var hasDatabase: Bool { FileManager.default.fileExists(atPath: databaseFile) }

    /// Makes the folder for its owner alone, or makes sure that it is so.
    ///
    /// A folder that is there and holds something else than a store keeps its mode: `--data .` must
    /// not shut people out of their own folder. It is refused if others may look into it.
    func make() throws(ServerFault) {
        if isMadeNow() { return }
        let unusable = ServerFault(
            .configuration, "The data folder \(path) can't be made or used.")
        let files = FileManager.default
        guard let attributes = try? files.attributesOfItem(atPath: path),
            let mode = attributes[.posixPermissions] as? Int,
            attributes[.ownerAccountID] as? Int == Int(geteuid()),
            let content = try? files.contentsOfDirectory(atPath: path)
        else { throw unusable }
        if mode & 0o077 == 0 { return }
        guard content.isEmpty || hasDatabase else {
            throw ServerFault(
                .configuration,
                "The folder \(path) holds other things and is open to others: choose a --data "
                    + "folder of its own, or set its mode to 0700.")
        }
        guard chmod(path, 0o700) == 0 else { throw unusable }
    }

    /// Makes the folder, and says whether it was not there before.
    private func isMadeNow() -> Bool {
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try? FileManager.default.createDirectory(
            atPath: parent, withIntermediateDirectories: true)
        return mkdir(path, 0o700) == 0
    }

    /// Refuses a folder whose control socket's path would not fit the system's limit.
    func checkSocketPath() throws(ServerFault) {
        let bytes = controlSocket.utf8.count
        guard bytes <= Self.socketPathBytes else {
            throw ServerFault(
                .configuration,
                "The path of the control socket has \(bytes) bytes, and the system allows "
                    + "\(Self.socketPathBytes): choose a --data folder with a shorter path.")
        }
    }

    /// Whether a file lies in this folder, however either is written.
    func holds(_ file: String) -> Bool {
        let resolved = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
        let folder = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return resolved == folder || resolved.hasPrefix("\(folder)/")
    }
}
