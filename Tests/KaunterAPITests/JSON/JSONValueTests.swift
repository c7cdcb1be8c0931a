import KaunterAPI
import Testing

@Suite("JSON values")
struct JSONValueTests {
    @Test("literals are the values that they look like")
    func literals() {
        let value: JSONValue = ["a": 1, "b": [true, nil, "x"], "c": [:]]
        #expect(
            value
                == .object(
                    JSONObject(members: [
                        ("a", .number("1")),
                        ("b", .array([.boolean(true), .null, .string("x")])),
                        ("c", .object(JSONObject())),
                    ])))
    }

    @Test("an accessor gives its own kind only")
    func accessors() {
        let values: [JSONValue] = [.null, true, .number("7"), "7", [7], ["a": 7]]
        #expect(values.map(\.isNull) == [true, false, false, false, false, false])
        #expect(values.map(\.booleanValue) == [nil, true, nil, nil, nil, nil])
        #expect(values.map(\.numberText) == [nil, nil, "7", nil, nil, nil])
        #expect(values.map(\.integerValue) == [nil, nil, 7, nil, nil, nil])
        #expect(values.map(\.stringValue) == [nil, nil, nil, "7", nil, nil])
        #expect(values.map { $0.arrayValue?.count } == [nil, nil, nil, nil, 1, nil])
        #expect(values.map { $0.objectValue?.keys } == [nil, nil, nil, nil, nil, ["a"]])
    }

    @Test(
        "only a whole number that fits is an integer",
        arguments: [
            ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
            ("9223372036854775808", nil), ("1.0", nil), ("1e3", nil), ("", nil),
        ] as [(String, Int64?)])
    func integers(text: String, integer: Int64?) {
        #expect(JSONValue.number(text).integerValue == integer)
    }

    @Test("strings are compared by their bytes")
    func comparesBytes() {
        #expect(JSONValue.string("é") != .string("e\u{301}"))
        #expect(JSONValue.string("K") != .string("\u{212A}"))
        #expect(JSONValue.string("é") == .string("\u{E9}"))
        #expect(JSONValue.number("1") != .number("1.0"))
        #expect(JSONValue.string("1") != .number("1"))
    }

    @Test("setting keeps a known key's place, and none removes it")
    func settingMembers() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = "x"
        object.set("c", to: .null)
        #expect(object.keys == ["a", "b", "c"])
        #expect(object["a"] == "x")
        #expect(object["c"] == JSONValue.null)
        object["b"] = Optional.none
        object["absent"] = Optional.none
        #expect(object.keys == ["a", "c"])
        #expect(JSONObject(members: [("k", 1), ("k", 2)]) == ["k": 2])
    }

    @Test("objects with the same members in another order differ")
    func orderCounts() {
        let object: JSONObject = ["a": 1, "b": 2]
        #expect(object != ["b": 2, "a": 1])
        #expect(object == ["a": 1, "b": 2])
    }
}
