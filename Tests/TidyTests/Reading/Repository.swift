import Foundation

/// The files of this repository, found from where this source file lies.
enum Repository {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent()  // Reading
        .deletingLastPathComponent()  // TidyTests
        .deletingLastPathComponent()  // Tests
        .deletingLastPathComponent()

    /// Every file under `folders` whose name ends in one of `endings`, by path. Hidden folders, and
    /// with them what the build makes, are left out.
    static func files(under folders: [String], endings: [String]) throws -> [TextFile] {
        var files: [TextFile] = []
        for path in try folders.flatMap(paths(under:)).sorted()
        where endings.contains(where: path.hasSuffix) {
            let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
            files.append(TextFile(path: path, text: text))
        }
        return files
    }

    /// Every Swift file of ours. They are read once for all tests.
    static func swiftFiles() throws -> [SwiftFile] {
        try swiftFilesOnce.get()
    }

    private static let swiftFilesOnce = Result {
        try files(under: ["Package.swift", "Sources", "Tests"], endings: [".swift"])
            .map(SwiftFile.init)
    }

    /// The paths of the files in a folder and below, or the path itself if it is a file's.
    static func paths(under path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        let place = root.appending(path: path).path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
            return []
        }
        guard isFolder.boolValue else { return [path] }
        return try FileManager.default.contentsOfDirectory(atPath: place)
            .filter { !$0.hasPrefix(".") }
            .flatMap { try paths(under: path.isEmpty ? $0 : "\(path)/\($0)") }
    }

    /// Whether there is a file or a folder at this path.
    static func holds(_ path: String) -> Bool {
        let place = root.appending(path: path).path(percentEncoded: false)
        return FileManager.default.fileExists(atPath: place)
    }
}
