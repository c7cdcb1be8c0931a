import Testing

@Suite("Lines, blocks and files are short enough to read")
struct LengthTests {
    @Test("no line is too long")
    func lines() throws {
        expectTidy(try Repository.swiftFiles().flatMap(LengthRules.longLines))
    }

    @Test("no function is longer than a screen")
    func blocks() throws {
        expectTidy(try Repository.swiftFiles().flatMap(LengthRules.longBlocks))
    }

    @Test("no file has grown two subjects")
    func files() throws {
        expectTidy(try Repository.swiftFiles().flatMap(LengthRules.longFile))
    }

    @Test("a line of 101 characters is found, one of 100 or with a URL is not")
    func longLine() {
        let fits = String(repeating: "a", count: 100)
        let url = "// https://example.com/" + fits
        let file = SwiftFile(path: "Sources/Room/A.swift", text: "\(fits)\n\(fits)a\n\(url)\n")
        #expect(LengthRules.longLines(file).map(\.line) == [2])
    }

    @Test("a body of 61 lines is found, one of 60 is not")
    func longBlock() {
        let found = ["func long() {": 61, "var long: Int {": 61, "func short() {": 60]
        for (header, lines) in found {
            let body = String(repeating: "    step()\n", count: lines - 2)
            let text = "enum Names {\n\n\(header)\n\(body)}\n}\n"
            let file = SwiftFile(path: "Sources/Room/A.swift", text: text)
            #expect(LengthRules.longBlocks(file).map(\.line) == (lines > 60 ? [3] : []))
        }
    }

    @Test("a type's braces are looked into; braces in strings and parameters are no blocks")
    func blockReader() {
        let text = """
            final class Rail: Sendable where Never: Sendable {
                let text = "{ \\(list.map { "}" })"
                func begin(_ act: () -> Int = { 1 }) {
                    if act() > 0 { return }
                }
                static let made = make {
                    2
                }
            }
            """
        let file = SwiftFile(path: "Sources/Room/A.swift", text: text)
        let blocks = BlockReader.blocks(in: file.code.text)
        #expect(blocks.map(\.firstLine) == [3, 3, 6])
        #expect(blocks.map(\.lastLine) == [3, 5, 8])
    }

    @Test(
        "a source file may have 300 lines, a test 500",
        arguments: [
            ("Sources/Room/A.swift", 300), ("Tests/RoomTests/ATests.swift", 500),
        ])
    func longFile(path: String, limit: Int) {
        let fits = SwiftFile(path: path, text: String(repeating: "\n", count: limit))
        let exceeds = SwiftFile(path: path, text: String(repeating: "\n", count: limit + 1))
        #expect(LengthRules.longFile(fits) == [])
        #expect(LengthRules.longFile(exceeds).count == 1)
    }
}
