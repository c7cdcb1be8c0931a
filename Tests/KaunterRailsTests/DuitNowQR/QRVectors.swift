import Foundation

/// Codes that programs which are not ours have made: those in Tests/Vectors, and those published by
/// PayNet, which lie beside this repository where they are at hand.
enum QRVectors {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent()  // DuitNowQR
        .deletingLastPathComponent()  // KaunterRailsTests
        .deletingLastPathComponent()  // Tests
        .deletingLastPathComponent()
    private static let publishedFile = root.appending(path: "../shared/vectors/duitnow-qr.txt")

    static var hasPublished: Bool {
        FileManager.default.isReadableFile(
            atPath: publishedFile.standardizedFileURL.path(percentEncoded: false))
    }

    static func ours() throws -> [String] {
        try lines(of: root.appending(path: "Tests/Vectors/duitnow-qr.txt"))
    }

    static func published() throws -> [String] {
        try lines(of: publishedFile.standardizedFileURL)
    }

    private static func lines(of file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8)
            .split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }
}
