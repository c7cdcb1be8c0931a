import Testing

@testable import KaunterDatabase

@Suite("Row")
struct RowTests {
    private let row = Row(
        columns: ["number", "words", "truth", "zero", "nothing"],
        values: [.integer(7), .text("seven"), .boolean(true), .integer(0), .null])

    @Test("a column is read as the kind that it holds")
    func kinds() throws {
        #expect(try row.integer("number") == 7)
        #expect(try row.text("words") == "seven")
        #expect(try row.boolean("truth"))
        #expect(try row.integerOrNil("number") == 7)
        #expect(try row.textOrNil("words") == "seven")
        #expect(try row.booleanOrNil("truth") == true)
    }

    @Test("zero and one are truth values, and other integers are not")
    func truth() throws {
        #expect(try row.boolean("zero") == false)
        #expect(throws: DatabaseFault(.malformed, "")) { try row.boolean("number") }
    }

    @Test("null is nil where it may be, and malformed where it may not")
    func null() throws {
        #expect(try row.integerOrNil("nothing") == nil)
        #expect(try row.textOrNil("nothing") == nil)
        #expect(try row.booleanOrNil("nothing") == nil)
        #expect(throws: DatabaseFault(.malformed, "")) { try row.integer("nothing") }
        #expect(throws: DatabaseFault(.malformed, "")) { try row.text("nothing") }
        #expect(throws: DatabaseFault(.malformed, "")) { try row.boolean("nothing") }
    }

    @Test("another kind than the asked one is malformed, and the value is not told")
    func wrongKind() {
        let fault = #expect(throws: DatabaseFault.self) { try row.integer("words") }
        #expect(fault?.code == .malformed)
        #expect(fault?.reason == "column words is not an integer")
        #expect(throws: DatabaseFault(.malformed, "")) { try row.text("number") }
        #expect(throws: DatabaseFault(.malformed, "")) { try row.integer("truth") }
        #expect(throws: DatabaseFault(.malformed, "")) { try row.boolean("words") }
    }

    @Test("an unknown column is malformed")
    func unknownColumn() {
        #expect(throws: DatabaseFault(.malformed, "")) { try row.integer("Number") }
        #expect(throws: DatabaseFault(.malformed, "")) { try row.textOrNil("") }
    }
}
