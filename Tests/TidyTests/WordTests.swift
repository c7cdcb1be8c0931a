import Testing

@Suite("Nothing is left undone, and nothing traps")
struct WordTests {
    @Test("no note of unfinished work is left")
    func unfinished() throws {
        let files = try Repository.files(
            under: ["Package.swift", "Makefile", "Sources", "Tests", "Examples", "scripts"],
            endings: [
                "Makefile", ".swift", ".sh", ".py", ".php", ".js", ".rb", ".java", ".sql",
                ".css", ".mustache",
            ])
        expectTidy(files.flatMap(WordRules.unfinished))
    }

    @Test("nothing stops the process where an error could be handed on")
    func trapping() throws {
        expectTidy(try Repository.swiftFiles().flatMap(WordRules.trapping))
    }

    @Test("a note is found in a comment, a longer word is not taken for one")
    func unfinishedSample() {
        let text = "// TODO: tomorrow\nlet XXXL = 1\nlet a = 1 // FIXME\nmktemp a.XXXXXX\n"
        let file = TextFile(path: "Sources/Room/A.swift", text: text)
        #expect(Set(WordRules.unfinished(file).map(\.line)) == [1, 3])
    }

    @Test("a trap is found in code, and not in a sentence about it")
    func trappingSample() {
        let text = "try! f()\nlet b = a as! B\nfatalError()\n// no try! here\nlet c = \"as!\"\n"
        let file = SwiftFile(path: "Sources/Room/A.swift", text: text)
        #expect(WordRules.trapping(file).map(\.line) == [1, 2, 3])
    }
}
