import KaunterAPI
import Testing

@testable import KaunterClient

@Suite("What an answer means")
struct AnswerTests {
    static let refusal = #"{"message":"No.","errors":{"amount":["Too small."]}}"#

    private func answer(_ status: Int, _ body: String, retryAfter: String? = nil) -> Answer {
        Answer(
            status: status, retryAfter: retryAfter, code: "amount_too_small", requestID: "r-1",
            body: Array(body.utf8))
    }

    @Test("the body of a 200 is the reply")
    func success() throws {
        #expect(try answer(200, #"{"id":1}"#).value() == ["id": 1])
    }

    @Test(
        "a refusal carries its status, fields, code and request id",
        arguments: [400, 401, 404, 413])
    func refused(status: Int) {
        let reply = ErrorReply(message: "No.", errors: [("amount", ["Too small."])])
        #expect(
            throws: KaunterError.refused(
                status: status, reply, code: "amount_too_small", requestID: "r-1")
        ) {
            try answer(status, Self.refusal).value()
        }
    }

    @Test(
        "429 and 503 name the seconds to wait, when they are seconds",
        arguments: [
            ("7", 7), ("0", 0), ("99999999", 86_400), (nil, nil), ("", nil), ("-1", nil),
            ("soon", nil), ("99999999999999999999", nil), ("Wed, 21 Oct 2015 07:28:00 GMT", nil),
        ] as [(String?, Int?)])
    func unavailable(retryAfter: String?, seconds: Int?) {
        for status in [429, 503] {
            #expect(throws: KaunterError.unavailable(retryAfterSeconds: seconds)) {
                try answer(status, "busy", retryAfter: retryAfter).value()
            }
        }
    }

    @Test("after a proxy's error the fate is unknown", arguments: [301, 500, 502, 504, 100, 204])
    func unknownFate(status: Int) {
        #expect(
            throws: KaunterError.unknownFate(reason: "the server answered with status \(status)")
        ) {
            try answer(status, Self.refusal).value()
        }
    }

    @Test(
        "an answer that is not of the protocol says so",
        arguments: [
            (200, ""), (200, "<html>"), (400, "<html>"), (400, "[]"), (404, #"{"error":"x"}"#),
        ])
    func malformed(status: Int, body: String) {
        let error = #expect(throws: KaunterError.self) { try answer(status, body).value() }
        guard case .malformedReply? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
