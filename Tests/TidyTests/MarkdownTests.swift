import Testing

@Suite("The documents have titles, and their links lead somewhere")
struct MarkdownTests {
    @Test("every document begins with its title")
    func titles() throws {
        let documents = try Repository.files(under: [""], endings: [".md"])
        #expect(!documents.isEmpty)
        expectTidy(documents.flatMap(MarkdownRules.title))
    }

    @Test("every relative link leads to a file that is there")
    func links() throws {
        let documents = try Repository.files(under: [""], endings: [".md"])
        let broken = documents.flatMap {
            MarkdownRules.brokenLinks($0, exists: Repository.holds)
        }
        expectTidy(broken)
    }

    @Test("a document without a title is found", arguments: ["", "## Part\n", "\n# Late\n"])
    func titleSample(text: String) {
        #expect(MarkdownRules.title(TextFile(path: "docs/A.md", text: text)).count == 1)
        #expect(MarkdownRules.title(TextFile(path: "docs/A.md", text: "# A\n" + text)) == [])
    }

    @Test("a link is followed from the folder of its page")
    func linkSample() {
        let text = """
            # A
            [up](../README.md#start), [here](B.md) and [away](https://example.com/C.md)
            [within](#part), [spaced](my%20page.md "a title")
            ```
            [code](D.md)
            ```
            [folder](./guide/)
            """
        let file = TextFile(path: "docs/A.md", text: text)
        var asked: [String] = []
        let findings = MarkdownRules.brokenLinks(file) { path in
            asked.append(path)
            return path != "docs/B.md"
        }
        #expect(asked == ["README.md", "docs/B.md", "docs/my page.md", "docs/guide"])
        #expect(findings.map(\.line) == [2])
    }
}
