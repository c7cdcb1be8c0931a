import Testing

@Suite("The schema's scripts are numbered and paired")
struct SchemaTests {
    @Test("every script has its number and its name")
    func scripts() throws {
        let folder = "Sources/KaunterStorage/Schema"
        let names = try Repository.paths(under: folder).map {
            String($0.dropFirst(folder.count + 1))
        }
        #expect(!names.isEmpty)
        #expect(SchemaRules.faults(inNames: names) == [])
    }

    @Test("a good list passes")
    func goodList() {
        let names = ["0001-merchants.sql", "0002-guards.sqlite.sql", "0002-guards.postgresql.sql"]
        #expect(SchemaRules.faults(inNames: names) == [])
    }

    @Test(
        "a bad name, a gap, a double and a lone twin are found",
        arguments: [
            ["0001-Merchants.sql"], ["1-merchants.sql"], ["0001-merchants.txt"],
            ["0001merchants.sql"],
            ["0001-a.sql", "0003-b.sql"], ["0002-a.sql"], ["0001-a.sql", "0001-b.sql"],
            ["0001-a.sqlite.sql"], ["0001-a.sqlite.sql", "0001-a.sql"], ["0001-a.mysql.sql"],
        ])
    func badList(names: [String]) {
        #expect(SchemaRules.faults(inNames: names).count >= 1)
    }
}
