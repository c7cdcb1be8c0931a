import Testing

@Suite("What others use says what it promises")
struct DocumentationTests {
    @Test("every type, and every function that another room can call, has a doc comment")
    func sources() throws {
        let files = try Repository.swiftFiles()
        let promised = DocumentationRules.promisedNames(in: files)
        expectTidy(files.flatMap { DocumentationRules.undocumented($0, promised: promised) })
    }

    @Test(
        "a missing doc comment is found",
        arguments: [
            "struct Key {}", "private final class Key {}", "package enum Key {}",
            "@MainActor public actor Keys {}", "    package static func make() {}",
            "public nonisolated func make() {}", "// A plain comment.\nstruct Key {}",
            "@frozen\nstruct Key {}", "package protocol Rail {}",
        ])
    func missing(text: String) {
        let file = SwiftFile(path: "Sources/Room/A.swift", text: text)
        #expect(DocumentationRules.undocumented(file).count == 1)
    }

    @Test(
        "what is documented, or needs no comment, passes",
        arguments: [
            "/// A key.\nstruct Key {}", "/// A key.\n@frozen\nstruct Key {}", "func own() {}",
            "package static func == (a: Key, b: Key) -> Bool {", "extension Key {}",
            "let struct_ = 1", "/// Makes one.\npackage class func make() {}",
            "let text = \"\"\"\n    struct Key {}\n    \"\"\"",
        ])
    func present(text: String) {
        let file = SwiftFile(path: "Sources/Room/A.swift", text: text)
        #expect(DocumentationRules.undocumented(file) == [])
    }

    @Test("a protocol's functions are documented with the protocol, and only there")
    func protocols() {
        let rail = SwiftFile(
            path: "Sources/Room/Rail.swift",
            text: """
                /// A rail.
                package protocol Rail {
                    func begin() async
                    /// Asks.
                    func enquire() async
                }

                func own() {}
                """)
        let simulator = SwiftFile(
            path: "Sources/Room/Simulator.swift",
            text: "package func enquire() {}\npackage func reset() {}\n")
        let promised = DocumentationRules.promisedNames(in: [rail, simulator])
        #expect(DocumentationRules.undocumented(rail, promised: promised).map(\.line) == [3])
        #expect(DocumentationRules.undocumented(simulator, promised: promised).map(\.line) == [2])
    }
}
