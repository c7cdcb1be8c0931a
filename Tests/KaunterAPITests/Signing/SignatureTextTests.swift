import KaunterAPI
import Testing

@Suite("The text of a signature")
struct SignatureTextTests {
    @Test(
        "base64 is read, white space passed over, and anything else refused",
        arguments: [
            ("AAEC", [0, 1, 2]),
            ("+/8=", [0xFB, 0xFF]),
            (" A A\tE\r\nC\n", [0, 1, 2]),
            ("", nil), (" \n", nil), ("AAE", nil), ("AAEC=", nil), ("-_8=", nil),
            ("AA\u{B}EC", nil), ("AAEC\u{0}", nil), ("AA\u{A0}EC", nil), ("ＡAEC", nil),
            ("%2B/8=", nil),
        ] as [(String, [UInt8]?)])
    func decode(text: String, bytes: [UInt8]?) {
        #expect(SignatureText.decode(text) == bytes)
    }

    @Test("a text is read up to the limit and refused beyond it")
    func limit() {
        let text = String(repeating: "AAAA", count: SignatureText.textBytes / 4)
        #expect(SignatureText.decode(text)?.count == SignatureText.textBytes / 4 * 3)
        #expect(SignatureText.decode(text + " ") == nil)
    }

    @Test("what is written is on one line and read back")
    func encode() {
        let bytes = [UInt8](0...255)
        #expect(SignatureText.decode(SignatureText.encode(bytes)) == bytes)
        #expect(!SignatureText.encode(bytes).contains { $0.isWhitespace })
    }
}
