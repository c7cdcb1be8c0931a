package import Foundation

/// Folders for tests, in memory where the system offers it: a flush of a real disk at every commit
/// would make the suites slow, and prove nothing more.
package enum TestFolder {
    /// All of this process's folders, removed when it ends.
    private static let root: URL = {
        let memory = URL(filePath: "/dev/shm", directoryHint: .isDirectory)
        let isThere = FileManager.default.isWritableFile(atPath: memory.path)
        let parent = isThere ? memory : FileManager.default.temporaryDirectory
        atexit { try? FileManager.default.removeItem(at: TestFolder.root) }
        return parent.appending(
            path: "kaunter-tests-\(ProcessInfo.processInfo.processIdentifier)",
            directoryHint: .isDirectory)
    }()

    /// Makes a new, empty folder.
    package static func make() throws -> URL {
        let folder = root.appending(path: UUID().uuidString, directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}
