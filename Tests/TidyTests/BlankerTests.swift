import Testing

@Suite("Comments and strings are told from code")
struct BlankerTests {
    @Test(
        "only code is left",
        arguments: [
            ("a // b", "a     "), ("a /* b /* c */ d */ e", "a                   e"),
            (#"a "b" c"#, "a     c"), (#"a "\"" c"#, "a      c"),
            (##"a #"\"# c"##, "a        c".replacing("        ", with: "       ")),
            (#"a "\(b("c"))" d"#, "a             d"),
            ("a \"\"\"\n\"b\"\n\"\"\" c", "a    \n   \n    c"),
            ("a / b * c", "a / b * c"), ("#if a", "#if a"), ("\"open", "     "),
        ])
    func blanking(text: String, code: String) {
        #expect(SwiftBlanker.code(of: text) == code)
    }
}
