/// Who may say `public`, read the environment, ask for the time, and print.
enum AccessRules {
    private static let realWorldWords = [
        "Date()", "Date.now", "Date(timeIntervalSinceNow", "UUID()", ".random(",
        "SystemRandomNumberGenerator", "Task.sleep",
    ]

    /// `public` outside the rooms that merchants import: between our rooms it is `package`.
    static func publicWords(_ file: SwiftFile) -> [Finding] {
        guard let room = file.room, !Allowances.publicRooms.contains(room) else { return [] }
        return file.code.lines.enumerated()
            .filter { isPublic($0.element) }
            .map { line in
                file.written.finding(line: line.offset + 1, "public, in a room of our own")
            }
    }

    /// Whether a line says `public`, or `open` of a declaration: an attempt may be open, too.
    private static func isPublic(_ line: Substring) -> Bool {
        let words = line.split(separator: " ")
        return words.contains("public") || words.contains("public(set)")
            || zip(words, words.dropFirst()).contains { word, next in
                word == "open" && ["class", "func", "var", "subscript"].contains(next)
            }
    }

    /// The environment read by a room that should have been given a value.
    static func environment(_ file: SwiftFile) -> [Finding] {
        guard let room = file.room, !Allowances.environmentRooms.contains(room) else { return [] }
        return findings(in: file, words: ["ProcessInfo", "getenv(", "secure_getenv("]) {
            "reads the process's surroundings (\($0)): configuration comes in as a value"
        }
    }

    /// Time, chance and pauses taken from the real world instead of from `Surroundings`.
    static func realWorld(_ file: SwiftFile) -> [Finding] {
        guard file.room != nil, !Allowances.realWorldFiles.contains(file.path) else { return [] }
        return findings(in: file, words: realWorldWords) {
            "takes \($0) from the real world: a simulation can't replay it"
        }
    }

    /// Lines printed by a room that should log.
    static func printing(_ file: SwiftFile) -> [Finding] {
        guard let room = file.room, !Allowances.printingRooms.contains(room) else { return [] }
        return findings(in: file, words: ["print(", "debugPrint(", "NSLog("]) {
            "prints (\($0)…): a room logs"
        }
        .filter { !file.code.lines[($0.line ?? 1) - 1].contains(".print(") }
    }

    private static func findings(
        in file: SwiftFile, words: [String], fault: (String) -> String
    ) -> [Finding] {
        words.flatMap { word in
            file.code.lines(holding: word).map { line in
                file.written.finding(line: line, fault(word))
            }
        }
    }
}
