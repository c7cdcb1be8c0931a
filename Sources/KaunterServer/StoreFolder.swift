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
    func make() throws(ServerFault) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o700], ofItemAtPath: path)
        } catch {
            throw ServerFault(.configuration, "The data folder \(path) can't be made or used.")
        }
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
