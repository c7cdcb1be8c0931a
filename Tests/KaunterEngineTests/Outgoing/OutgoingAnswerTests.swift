import Testing

@testable import KaunterEngine

@Suite("What is kept of an answer")
struct OutgoingAnswerTests {
    @Test(
        "what may be a person's is masked, and nothing else",
        arguments: [
            ("", ""), ("ok", "ok"), ("order 1042 of 2", "order 1042 of 2"),
            ("siti@kedai.example", "•"), ("to <siti+1@kedai.example>!", "to <•>!"),
            ("60123456789", "•"), ("tel 012-345 6789.", "tel •."),
            ("4111 1111 1111 1111", "•"), ("a 12345 b", "a 12345 b"), ("x123456y", "x•y"),
            ("1  2  3  4  5  6", "1  2  3  4  5  6"), ("12 ", "12 "), ("-5", "-5"),
            ("é \u{600}1 123456\u{301}", "é \u{600}1 12345" + "6\u{301}"), ("٣٣٣٣٣٣٣", "٣٣٣٣٣٣٣"),
            ("\r\n1\r\n", "\r\n1\r\n"), ("@", "•"),
        ])
    func masked(_ text: String, _ expected: String) {
        #expect(text.masked == expected)
    }

    @Test(
        "only seconds are taken from a Retry-After",
        arguments: [
            ("120", 120), ("0", 0), ("-5", 0), ("", nil), ("soon", nil),
            ("Wed, 21 Oct 2026 07:28:00 GMT", nil), ("99999999999999999999", nil),
        ] as [(String, Int64?)])
    func retryAfter(_ text: String, _ seconds: Int64?) {
        let answer = OutgoingAnswer(code: 503, headers: [.init(name: "retry-AFTER", value: text)])
        #expect(answer.retryAfterSeconds == seconds)
    }

    @Test("secrets of the receiver's are not kept, nor more than so much of its header")
    func headers() {
        let long = String(repeating: "a", count: 10_000)
        let fields =
            [OutgoingAnswer.Field(name: "Set-Cookie", value: "session=1")]
            + (0..<200).map { OutgoingAnswer.Field(name: "X-\($0)", value: long) }
        let kept = OutgoingAnswer(code: 200, headers: fields).keptHeaders
        #expect(kept.first?.value == "•")
        #expect(kept.count == 64)
        #expect(kept.allSatisfy { $0.value.count <= 256 })
    }

    @Test("a header's name is masked and bounded like its value, by bytes")
    func names() {
        let piled = "e" + String(repeating: "\u{301}", count: 10_000)
        let fields = [
            OutgoingAnswer.Field(name: "X-60123456789", value: piled),
            OutgoingAnswer.Field(name: String(repeating: "n", count: 60_000), value: "y"),
            OutgoingAnswer.Field(name: "Proxy-Authorization", value: "Basic c2l0aQ"),
        ]
        let kept = OutgoingAnswer(code: 200, headers: fields).keptHeaders
        #expect(kept.first?.name == "X-•")
        #expect(kept.allSatisfy { $0.name.utf8.count <= 256 && $0.value.utf8.count <= 260 })
        #expect(kept.last?.value == "•")
    }
}
