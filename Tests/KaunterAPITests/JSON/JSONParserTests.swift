import KaunterAPI
import Testing

@Suite("Reading JSON")
struct JSONParserTests {
    @Test(
        "what the grammar allows is read",
        arguments: [
            ("null", .null),
            (" \t\r\n true \n", true),
            ("false", false),
            ("0", .number("0")),
            ("-0", .number("-0")),
            ("100.50", .number("100.50")),
            ("1E+400", .number("1E+400")),
            ("-1.0e-7", .number("-1.0e-7")),
            (#""""#, ""),
            (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u00e9\u00E9\ud83d\uDE00x""#, "éé😀x"),
            ("\"é😀\u{7F}\u{10FFFF}\"", "é😀\u{7F}\u{10FFFF}"),
            ("[]", []),
            ("{ }", [:]),
            ("[1 , [2],\n{}]", [1, [2], [:]]),
            (#"{"b":1,"a":{"":[null]}}"#, ["b": 1, "a": ["": [nil]]]),
        ] as [(String, JSONValue)])
    func reads(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text.utf8) == value)
    }

    @Test(
        "what the grammar does not allow is refused",
        arguments: [
            "", " ", "nul", "nullx", "True", "tru\u{0}", "NaN", "Infinity", "+1", "01", "-", "-a",
            "1.", ".5", "1e", "1e+", "0x10", "1_0", "１", "\"", "\"abc", #""\"#, #""\x""#,
            #""\u12""#, #""\u12g4""#, #""\u 123""#, "'a'", "[", "[1", "[1,", "[1,]", "[,1]",
            "[1 2]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, #"{1:1}"#,
            #"{"a":1 "b":2}"#, "{,}", "]", "}", "1 2", "{}{}", "[] x", "// c\n1", "1 /* c */",
            "\u{FEFF}{}", "\u{A0}1", "\"\n\"", "\"\t\"", "\"\u{0}\"", "\"\u{1F}\"", "\u{0}",
            "1\u{0}",
        ])
    func refuses(text: String) {
        #expect(throws: JSONFault.self) { try JSONValue(parsing: text.utf8) }
    }

    @Test(
        "text that is not UTF-8 is refused in values and keys",
        arguments: [
            [0x80], [0xC3], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0xAF], [0xF4, 0x90, 0x80, 0x80], [0xF8], [0xFF],
            [0xE2, 0x82], [0xF0, 0x9F, 0x98],
        ] as [[UInt8]])
    func refusesInvalidUTF8(bytes: [UInt8]) {
        let quote = Array("\"".utf8)
        let string = quote + bytes + quote
        #expect(throws: JSONFault.self) { try JSONValue(parsing: string) }
        #expect(throws: JSONFault.self) {
            try JSONValue(parsing: Array("{".utf8) + string + Array(":1}".utf8))
        }
        #expect(throws: JSONFault.self) {
            try JSONValue(parsing: Array(#""\n"#.utf8) + bytes + quote)
        }
    }

    @Test(
        "half a surrogate pair and an escaped NUL are refused",
        arguments: [
            #"\ud83d"#, #"\ude00"#, #"\ud83d\ud83d"#, #"\ude00\ud83d"#, #"\ud83dx"#, #"\ud83d\n"#,
            #"\ud83d\u"#, #"\ud83d\u0041"#, #"\u0000"#, #"a\u0000b"#,
        ])
    func refusesSurrogates(escape: String) {
        #expect(throws: JSONFault.self) { try JSONValue(parsing: "\"\(escape)\"".utf8) }
        #expect(throws: JSONFault.self) { try JSONValue(parsing: "{\"\(escape)\":1}".utf8) }
    }

    @Test(
        "nesting of ten thousand levels is an error and not a crash",
        arguments: ["[", "{\"a\":"])
    func refusesDepth(opening: String) {
        let text = String(repeating: opening, count: 10_000)
        #expect(throws: JSONFault.self) { try JSONValue(parsing: text.utf8) }
    }

    @Test("the limits are met exactly")
    func limits() throws {
        let limits = JSONLimits(
            textBytes: 40, depth: 2, objectMembers: 2, values: 4, keyBytes: 3, numberBytes: 5)
        let within = [
            "[[]]", "[1,2,3]", #"{"abc":1,"b":2}"#, "12345", "-1234",
            "1" + String(repeating: " ", count: 39),
        ]
        let beyond = [
            "[[[]]]", "[1,2,3,4]", #"{"a":1,"b":2,"c":3}"#, #"{"abcd":1}"#, "123456",
            "1" + String(repeating: " ", count: 40),
        ]
        for text in within {
            #expect(throws: Never.self, "\(text)") {
                try JSONValue(parsing: text.utf8, limits: limits)
            }
        }
        for text in beyond {
            #expect(throws: JSONFault.self, "\(text)") {
                try JSONValue(parsing: text.utf8, limits: limits)
            }
        }
    }

    @Test(
        "a fault names the top-level key inside which it lies",
        arguments: [
            (#"{"a":1,"b":[{"c":tru}]}"#, "b"),
            (#"{"a":1,"a":2}"#, "a"),
            (#"{"a":{"x":1,"x":2}}"#, "a"),
            (#"{"\u0061":1,"a":2}"#, "a"),
            (#"{"a":"\ud800"}"#, "a"),
            (#"{"a":1,x}"#, nil),
            (#"{"a":1"#, nil),
            (#"[{"a":tru}]"#, nil),
            (#"{"a":1} x"#, nil),
        ] as [(String, String?)])
    func field(text: String, field: String?) {
        let fault = #expect(throws: JSONFault.self) { try JSONValue(parsing: text.utf8) }
        #expect(fault?.field == field)
    }

    @Test("a fault tells the place")
    func offset() {
        let fault = #expect(throws: JSONFault.self) {
            try JSONValue(parsing: #"{"ab":1, "ab":2}"#.utf8)
        }
        #expect(fault?.reason == "a key comes twice")
        #expect(fault?.offset == 9)
    }

    @Test("keys that only look equal are two keys")
    func canonicalEquivalence() throws {
        let value = try JSONValue(parsing: "{\"\u{212A}\":1,\"K\":2,\"é\":3,\"e\u{301}\":4}".utf8)
        #expect(value.objectValue?["K"] == 2)
        #expect(value.objectValue?["\u{212A}"] == 1)
        #expect(value.objectValue?["e\u{301}"] == 4)
    }

    @Test("every beginning of a message is refused without a crash")
    func truncated() throws {
        let bytes = try Vector.bytes("notification.json")
        #expect(throws: Never.self) { try JSONValue(parsing: bytes) }
        for count in bytes.indices {
            #expect(throws: JSONFault.self) { try JSONValue(parsing: bytes.prefix(count)) }
        }
    }

    @Test("any byte in any place is read or refused, and what is read reads the same again")
    func mutated() throws {
        let bytes = Array(#"{"a":[1.5e3,"\u00e9\n😀",true],"b":{"c":null}}"#.utf8)
        for index in bytes.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = bytes
                changed[index] = byte
                guard let value = try? JSONValue(parsing: changed) else { continue }
                #expect(try JSONValue(parsing: value.text.utf8) == value)
                #expect(try JSONValue(parsing: value.phpText.utf8) == value)
            }
        }
    }
}
