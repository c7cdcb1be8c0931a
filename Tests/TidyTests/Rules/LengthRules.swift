/// How long a line, a block of code and a file may be.
enum LengthRules {
    static let lineCharacters = 100
    static let blockLines = 60
    static let sourceLines = 300
    static let testLines = 500

    /// Lines that are too long. One that holds a URL may be: a URL can't be broken.
    static func longLines(_ file: SwiftFile) -> [Finding] {
        file.written.lines.enumerated()
            .filter { $0.element.count > lineCharacters && !$0.element.contains("://") }
            .map { line in
                file.written.finding(
                    line: line.offset + 1,
                    "\(line.element.count) characters, at most \(lineCharacters)")
            }
    }

    static func longFile(_ file: SwiftFile) -> [Finding] {
        let limit = file.room == nil ? testLines : sourceLines
        guard file.written.lineCount > limit else { return [] }
        let fault = "\(file.written.lineCount) lines, at most \(limit): it has two subjects"
        return [file.written.finding(line: nil, fault)]
    }

    /// Functions, accessors and closures that don't fit a screen: the outermost of each nest.
    static func longBlocks(_ file: SwiftFile) -> [Finding] {
        BlockReader.blocks(in: file.code.text)
            .filter { $0.lastLine - $0.firstLine + 1 > blockLines }
            .map { block in
                let count = block.lastLine - block.firstLine + 1
                return file.written.finding(
                    line: block.firstLine,
                    "a block of \(count) lines, at most \(blockLines)")
            }
    }
}
