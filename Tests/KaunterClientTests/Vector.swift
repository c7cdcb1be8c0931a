import Foundation

/// The files of Tests/Vectors, which programs that are not ours have made (see its make.sh).
enum Vector {
    static func text(_ name: String) throws -> String {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let bytes = try Data(contentsOf: folder.appendingPathComponent("../Vectors/\(name)"))
        return String(decoding: bytes, as: UTF8.self)
    }
}
