import KaunterAPI
import Testing

@Suite("Writing JSON")
struct JSONTextTests {
    @Test("PHP's text is the one that PHP writes")
    func phpGoldens() throws {
        let lines = try Vector.text("php-json.txt").split(separator: "\n")
        #expect(lines.count > 100)
        for line in lines {
            let columns = line.split(separator: "\t")
            try #require(columns.count == 2)
            let value = try JSONValue(parsing: columns[0].utf8)
            #expect(value.phpText == columns[1])
            #expect(try JSONValue(parsing: columns[1].utf8) == value)
        }
    }

    @Test("the compact text is the one that PHP writes without escaping")
    func compactGoldens() throws {
        for line in try Vector.text("php-json.txt").split(separator: "\n") {
            let columns = line.split(separator: "\t")
            #expect(try JSONValue(parsing: columns[1].utf8).text == columns[0])
        }
    }

    @Test("numbers keep their text and objects their order")
    func keepsText() throws {
        let text = #"{"z":100.50,"a":1E+2,"m":[-0,{}]}"#
        let value = try JSONValue(parsing: text.utf8)
        #expect(value.text == text)
        #expect(value.phpText == text)
    }
}
