import HTTPTypes
import Hummingbird
import HummingbirdTesting
import KaunterAPI
import TestSupport
import Testing

@testable import KaunterWeb

/// What a merchant's developer is served: the document, and the page that is made of it.
@Suite("The documentation that is served")
struct DocumentationControllerTests {
    @Test("the document is JSON, at this house's address, and is sent once while it is the same")
    func document() async throws {
        try await WebHouse.use { house in
            let response = try await house.page("/openapi.json")
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "application/json")
            #expect(response.headers[.cacheControl] == "no-cache")
            let server = response.json.member("servers")?.arrayValue?.first
            #expect(server?.member("url")?.stringValue == EngineHouse.publicURL)
            let tag = try #require(response.headers[.eTag])
            for (known, isSame) in [
                (tag, true), ("W/\(tag)", true), ("\"other\", \(tag)", true), ("*", true),
                ("\"other\"", false), (String(tag.dropLast()), false), ("", false),
            ] {
                let again = try await house.send(
                    .get, "/openapi.json", headers: [.ifNoneMatch: known])
                #expect(again.status == (isSame ? .notModified : .ok), "\(known)")
                #expect(again.headers[.eTag] == tag)
                #expect(again.text == (isSame ? "" : response.text))
            }
        }
    }

    @Test("the page has every call, field, limit, code and example of the document")
    func page() async throws {
        try await WebHouse.use { house in
            let response = try await house.page("/docs")
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "text/html; charset=utf-8")
            let policy = response.headers[.contentSecurityPolicy]
            #expect(policy?.hasPrefix("default-src 'none'") == true)
            let html = response.text
            for words in [
                "<code>POST /v1/payment</code>", "<code>POST /v1/payout/history</code>",
                "<code>POST /sandbox/v1/payouts/{payout}</code>",
                "<code>GET to your address</code>",
                "<code>customer_first_name</code> <strong>required</strong>",
                "string, 1 to 100 characters", "string, ipv4 or ipv6", "<code>SCTBFPX</code>",
                "<code>data[].commission_amount</code>", "<code>links.first</code>",
                "by default 12", "<code>unknown_fate</code>", "<strong>404</strong>",
                "&quot;order_id&quot;: &quot;1042&quot;", "application/x-www-form-urlencoded",
                "In the headers", "<code>webhook-signature</code> <strong>required</strong>",
            ] {
                #expect(html.contains(words), "\(words)")
            }
            #expect(!html.contains("$ref") && !html.contains("`"))
        }
    }

    @Test("a description's paragraphs and code are told apart, and nothing in it is HTML")
    func prose() async throws {
        let prose = Prose.paragraphs("One `two` three.\n\n`<b>`")
        #expect(prose.map { $0.pieces.map(\.text) } == [["One ", "two", " three."], ["<b>"]])
        #expect(prose.map { $0.pieces.map(\.isCode) } == [[false, true, false], [true]])
    }

    @Test("a reference is followed, what stands beside it wins, and a circle ends")
    func references() {
        let document = OpenAPIDocument([
            "a": ["$ref": "#/b", "description": "beside"],
            "b": ["type": "string", "description": "there"], "c": ["$ref": "#/c"],
        ])
        let resolved = { (key: String) in
            JSONValue.object(document.resolved(document.root.member(key)?.objectValue ?? [:])).text
        }
        #expect(resolved("a") == #"{"type":"string","description":"beside"}"#)
        let circle: JSONValue = ["$ref": "#/c"]
        #expect(resolved("c") == circle.text)
        #expect(resolved("none") == "{}")
    }

    @Test("JSON is indented, and still the same")
    func indented() throws {
        let value: JSONValue = ["a": [1, 2], "b": ["c": [], "d": [["e": nil]]], "f": "\"\n"]
        let text = """
            {
              "a": [1, 2],
              "b": {
                "c": [],
                "d": [
                  {
                    "e": null
                  }
                ]
              },
              "f": "\\"\\n"
            }
            """
        #expect(value.indentedText == text)
        #expect(try JSONValue(parsing: Array(value.indentedText.utf8)) == value)
    }
}
