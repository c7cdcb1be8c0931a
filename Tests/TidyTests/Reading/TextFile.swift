/// A file of text and its lines. The path is relative to the repository's root.
struct TextFile: Sendable {
    let path: String
    let text: String
    let lines: [Substring]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        self.lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// Lines, not counting the nothing after the last line's end.
    var lineCount: Int {
        lines.last == "" ? lines.count - 1 : lines.count
    }

    func finding(line: Int?, _ fault: String) -> Finding {
        Finding(path: path, line: line, fault: fault)
    }
}

extension TextFile {
    /// The numbers of the lines that hold `text` as a word of its own: "cat" is not in "scatter".
    func lines(holding text: String) -> [Int] {
        lines.enumerated().filter { holds($0.element, word: text) }.map { $0.offset + 1 }
    }

    private func holds(_ line: Substring, word: String) -> Bool {
        var rest = line
        while let range = rest.firstRange(of: word) {
            let before = line[..<range.lowerBound].last
            let after = line[range.upperBound...].first
            if !continues(before, word.first) && !continues(word.last, after) {
                return true
            }
            rest = rest[range.upperBound...]
        }
        return false
    }

    /// Whether two neighbours belong to one word.
    private func continues(_ left: Character?, _ right: Character?) -> Bool {
        isOfWord(left) && isOfWord(right)
    }

    private func isOfWord(_ character: Character?) -> Bool {
        character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
    }
}
