import KaunterAPI
import Testing

@Suite("Error replies")
struct ErrorReplyTests {
    @Test("both keys are always there, and errors is an object")
    func withoutFields() {
        #expect(ErrorReply(message: "No.").json.text == #"{"message":"No.","errors":{}}"#)
    }

    @Test("fields keep their order, and a field that comes again is joined")
    func fields() throws {
        let reply = ErrorReply(
            message: "The given data was invalid.",
            errors: [("service", ["a"]), ("amount", ["b"]), ("service", ["c"])])
        let text =
            #"{"message":"The given data was invalid.","#
            + #""errors":{"service":["a","c"],"amount":["b"]}}"#
        #expect(reply.json.text == text)
        #expect(reply["service"] == ["a", "c"])
        #expect(reply["absent"] == [])
        #expect(try ErrorReply(json: JSONValue(parsing: text.utf8)) == reply)
    }

    @Test(
        "other servers' forms are read",
        arguments: [
            (#"{"message":"m"}"#, []),
            (#"{"message":"m","errors":[]}"#, []),
            (#"{"message":"m","errors":{"a":"x","b":[1,"y"]}}"#, ["a: x", "b: y"]),
        ])
    func tolerant(text: String, errors: [String]) throws {
        let reply = try ErrorReply(json: JSONValue(parsing: text.utf8))
        #expect(reply.errors.map { "\($0.field): \($0.messages.joined())" } == errors)
    }

    @Test("a reply without message is malformed", arguments: ["{}", "[]", #"{"message":1}"#])
    func malformed(text: String) throws {
        let json = try JSONValue(parsing: text.utf8)
        #expect(throws: MalformedMessage.self) { try ErrorReply(json: json) }
    }
}
