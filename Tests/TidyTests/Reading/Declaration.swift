/// What a line of code declares: a type, or a function.
struct Declaration: Equatable {
    /// "struct", "func" and so on.
    let keyword: Substring
    let name: Substring
    let modifiers: [Substring]

    private static let types: Set<Substring> = ["struct", "class", "enum", "actor", "protocol"]
    private static let modifierWords: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private", "open", "final", "indirect",
        "static", "nonisolated", "mutating", "nonmutating", "override", "consuming", "borrowing",
    ]

    var isType: Bool { Self.types.contains(keyword) }

    /// Whether other rooms, or merchants, can use it.
    var isShared: Bool { modifiers.contains("public") || modifiers.contains("package") }

    /// Whether it is an operator, whose meaning is its protocol's.
    var isOperator: Bool { !name.contains { $0.isLetter || $0 == "_" } }

    /// Nil if the line begins no declaration of a type or a function.
    init?(line: Substring) {
        var words = line.split(separator: " ")[...]
        var modifiers: [Substring] = []
        while let word = words.first, Self.isModifier(word) {
            modifiers.append(words.removeFirst())
        }
        // In `class func` the first word is a modifier as well.
        if words.starts(with: ["class", "func"]) {
            modifiers.append(words.removeFirst())
        }
        guard let keyword = words.popFirst(), let name = words.first,
            Self.types.contains(keyword) || keyword == "func"
        else { return nil }
        self.keyword = keyword
        self.name = name.prefix { !"(<:{".contains($0) }
        self.modifiers = modifiers
    }

    private static func isModifier(_ word: Substring) -> Bool {
        word.hasPrefix("@") || word.hasPrefix("nonisolated(") || modifierWords.contains(word)
    }
}
