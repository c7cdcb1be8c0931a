/// Words that have no place in the sources.
enum WordRules {
    private static let unfinished = ["TODO", "FIXME", "XXX"]
    private static let trapping = ["try!", "as!", "fatalError("]

    /// Notes of work left undone, in code or in comments: an issue is the place for them.
    static func unfinished(_ file: TextFile) -> [Finding] {
        // This target has to name the words in order to find them.
        guard !file.path.hasPrefix("Tests/TidyTests/") else { return [] }
        return unfinished.flatMap { word in
            file.lines(holding: word).map { file.finding(line: $0, "\(word): work left undone") }
        }
    }

    /// Code that stops the process where an error could have been handed on.
    static func trapping(_ file: SwiftFile) -> [Finding] {
        trapping.flatMap { word in
            file.code.lines(holding: word).map { line in
                file.written.finding(line: line, "\(word) stops the process")
            }
        }
    }
}
