/// A Swift file twice: as it was written, and with its comments and string literals blanked out, so
/// that a rule about code is not fooled by a sentence about code.
struct SwiftFile: Sendable {
    let written: TextFile
    let code: TextFile

    init(_ file: TextFile) {
        self.written = file
        self.code = TextFile(path: file.path, text: SwiftBlanker.code(of: file.text))
    }

    init(path: String, text: String) {
        self.init(TextFile(path: path, text: text))
    }

    var path: String { written.path }

    /// The room under `Sources` that the file belongs to; nil outside of it.
    var room: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
    }
}
