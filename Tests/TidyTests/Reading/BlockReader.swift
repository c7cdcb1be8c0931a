/// Finds the blocks of code between braces: the bodies of functions, accessors and closures. The
/// bodies of types are looked into, the blocks inside a block are not.
enum BlockReader {
    struct Block: Equatable {
        let firstLine: Int
        let lastLine: Int
    }

    private static let typeWords: Set<Substring> = [
        "struct", "class", "enum", "actor", "extension", "protocol",
    ]
    private static let memberWords: Set<Substring> = [
        "func", "init", "deinit", "subscript", "var", "let", "case", "return",
    ]

    /// The outermost blocks of `code`, which is free of comments and strings.
    static func blocks(in code: String) -> [Block] {
        var blocks: [Block] = []
        /// For each brace that is open: the line where its block begins, or nil for a type's.
        var open: [Int?] = []
        var header = ""
        var line = 1
        for character in code {
            switch character {
            case "{":
                open.append(opensType(header) ? nil : line)
                header = ""
            case "}":
                if let begin = open.popLast() ?? nil, !open.contains(where: { $0 != nil }) {
                    blocks.append(Block(firstLine: begin, lastLine: line))
                }
                header = ""
            case "\n":
                line += 1
                header.append(" ")
            default:
                header.append(character)
            }
        }
        return blocks
    }

    /// Whether the text before a brace, back to the brace before, declares a type last of all.
    private static func opensType(_ header: String) -> Bool {
        let words = header.split { !($0.isLetter || $0.isNumber || $0 == "_") }
        let last = words.lastIndex { typeWords.contains($0) || memberWords.contains($0) }
        guard let last else { return false }
        // `class func` and `class var` are members, and then the member's word stands last.
        return typeWords.contains(words[last])
    }
}
