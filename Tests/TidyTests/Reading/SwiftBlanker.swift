/// Replaces comments and string literals by spaces, line for line.
///
/// It knows nested comments, raw strings, multi-line strings and interpolations (which are blanked
/// with their string). It does not know regular expression literals: this repository has none.
struct SwiftBlanker {
    private let source: [UInt8]
    private var output: [UInt8]
    private var index = 0

    static func code(of text: String) -> String {
        var blanker = SwiftBlanker(source: Array(text.utf8))
        blanker.run()
        return String(decoding: blanker.output, as: UTF8.self)
    }

    private init(source: [UInt8]) {
        self.source = source
        self.output = source
    }

    private mutating func run() {
        while index < source.count {
            if starts("//") {
                blankLineComment()
            } else if starts("/*") {
                blankComment()
            } else if let hashes = stringStart() {
                blankString(hashes: hashes)
            } else {
                index += 1
            }
        }
    }

    private func starts(_ text: StaticString, at place: Int? = nil) -> Bool {
        let start = place ?? index
        return text.withUTF8Buffer { start <= source.count && source[start...].starts(with: $0) }
    }

    /// Blanks `count` bytes, but keeps the ends of lines.
    private mutating func blank(_ count: Int = 1) {
        for _ in 0..<count where index < source.count {
            if source[index] != UInt8(ascii: "\n") {
                output[index] = UInt8(ascii: " ")
            }
            index += 1
        }
    }

    private mutating func blankLineComment() {
        while index < source.count, source[index] != UInt8(ascii: "\n") {
            blank()
        }
    }

    private mutating func blankComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                blank(2)
            } else if starts("*/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && index < source.count
    }

    /// The number of `#` before a string that starts here, or nil if none does.
    private func stringStart() -> Int? {
        let hashes = hashes(from: index)
        return starts("\"", at: index + hashes) ? hashes : nil
    }

    private func hashes(from start: Int) -> Int {
        source[start...].prefix { $0 == UInt8(ascii: "#") }.count
    }

    private mutating func blankString(hashes: Int) {
        blank(hashes)
        let quotes = starts("\"\"\"") ? 3 : 1
        blank(quotes)
        while index < source.count {
            if closes(quotes: quotes, hashes: hashes) {
                blank(quotes + hashes)
                return
            }
            if escapes(hashes: hashes) {
                blank(1 + hashes)
                if starts("(") {
                    blankInterpolation()
                } else {
                    blank()
                }
            } else {
                blank()
            }
        }
    }

    private func closes(quotes: Int, hashes: Int) -> Bool {
        let isQuoted = quotes == 3 ? starts("\"\"\"") : starts("\"")
        return isQuoted && self.hashes(from: index + quotes) >= hashes
    }

    private func escapes(hashes: Int) -> Bool {
        starts("\\") && self.hashes(from: index + 1) >= hashes
    }

    /// Blanks from an opening parenthesis to its closing one, with the strings in between.
    private mutating func blankInterpolation() {
        var depth = 0
        repeat {
            if let hashes = stringStart() {
                blankString(hashes: hashes)
                continue
            }
            if starts("(") {
                depth += 1
            } else if starts(")") {
                depth -= 1
            }
            blank()
        } while depth > 0 && index < source.count
    }
}
