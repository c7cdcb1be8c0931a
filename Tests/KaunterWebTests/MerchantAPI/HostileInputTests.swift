import HTTPTypes
import Hummingbird
import HummingbirdTesting
import KaunterAPI
import KaunterCore
import TestSupport
import Testing

@testable import KaunterWeb

/// Bodies that nobody in good faith sends, all of them well signed: the right code, words, and
/// nothing stored.
@Suite("Hostile input")
struct HostileInputTests {
    /// A body and what it must be answered with.
    private struct Case {
        let name: String
        let body: [UInt8]
        /// The fields that are named; nil when any will do.
        let fields: [String]?

        init(_ name: String, _ body: String, _ fields: [String]? = nil) {
            self.init(name, bytes: Array(body.utf8), fields)
        }

        init(_ name: String, bytes: [UInt8], _ fields: [String]? = nil) {
            self.name = name
            self.body = bytes
            self.fields = fields
        }
    }

    /// Sends every case to every call; each must be a 400 in the contract's shape that stores
    /// nothing.
    private func refuse(
        _ cases: [Case], at paths: [String] = [Path.payment]
    ) async throws {
        try await WebHouse.use { house in
            let before = try await house.rowCounts()
            for path in paths {
                for hostile in cases {
                    let response = try await house.call(path, hostile.body)
                    #expect(response.status == .badRequest, "\(hostile.name) at \(path)")
                    #expect(response.errors != nil, "\(hostile.name) at \(path)")
                    #expect(response.string("message")?.isEmpty == false, "\(hostile.name)")
                    if let fields = hostile.fields {
                        #expect(
                            response.errors?.keys.sorted() == fields.sorted(), "\(hostile.name)")
                    }
                }
            }
            #expect(try await house.rowCounts() == before)
            // The house is well.
            #expect(try await house.create().status == .ok)
        }
    }

    /// A complete body in which a field has this raw JSON text.
    private static func body(_ field: String, _ json: String) -> String {
        let whole = WebHouse.body { $0[field] = "@" }
        return whole.replacing("\"\(field)\":\"@\"", with: "\"\(field)\":\(json)")
    }

    @Test("malformed JSON, at every call")
    func malformed() async throws {
        let texts = [
            "", " ", "{", "}", "[", "{]", "nul", "tru", "\"", "\"a", "{\"a\"}", "{\"a\":}",
            "{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "[1,]", "{}{}", "{}x", "01", "1.", ".5", "+1",
            "NaN", "Infinity", "-", "1e", "0x10", "{\"a\":1 \"b\":2}", "/* c */{}", "\u{feff}{}",
            "<xml/>", "amount=1&order_id=2", "7", "\"text\"", "true", "null", "[1]", "[[]]",
        ]
        try await refuse(
            texts.map { Case("[\($0)]", $0) },
            at: [Path.payment, Path.paymentStatus, Path.paymentHistory])
    }

    @Test("numbers that are too large, too long, or not of this world")
    func numbers() async throws {
        let digits = String(repeating: "9", count: 400)
        var cases: [Case] = []
        for json in ["1e400", "1E+400", digits, "\"\(digits)\"", "-1e400", "1e-400", "0.\(digits)"]
        {
            cases.append(Case("amount \(json.prefix(8))", Self.body("amount", json), ["amount"]))
        }
        for json in [digits, "9223372036854775808", "1e400", "-\(digits)"] {
            cases.append(
                Case(
                    "id \(json.prefix(8))", Self.body("success_redirect_id", json),
                    [
                        "success_redirect_id"
                    ]))
        }
        try await refuse(cases)
    }

    @Test("nesting, ten thousand levels deep")
    func nesting() async throws {
        let arrays = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        let objects =
            String(repeating: #"{"a":"#, count: 10_000) + "1"
            + String(repeating: "}", count: 10_000)
        let open = String(repeating: "[", count: 60_000)
        try await refuse([
            Case("arrays", arrays), Case("open arrays", open), Case("objects", objects),
            Case("arrays in a field", Self.body("customer_data", arrays), ["customer_data"]),
            Case("arrays in amount", Self.body("amount", arrays), ["amount"]),
        ])
    }

    @Test("a key that comes twice is refused and named, wherever it is")
    func doubled() async throws {
        let whole = String(WebHouse.body().dropLast())
        try await refuse([
            Case("amount", whole + #","amount":"1.00"}"#, ["amount"]),
            Case("escaped", whole + #","\u0061mount":"1.00"}"#, ["amount"]),
            Case("unknown", whole + #","x":1,"x":1}"#, ["x"]),
            Case("inside", whole + #","deep":{"x":1,"x":1}}"#, ["deep"]),
        ])
    }

    @Test("lone surrogates, NUL and invalid UTF-8 are refused in every field, known or not")
    func characters() async throws {
        var cases: [Case] = []
        for field in ["order_id", "customer_first_name", "desc", "customer_browser_x"] {
            for json in [
                #""\ud800""#, #""\udfff""#, #""\ud800\ud800""#, #""\udc00\ud800""#, #""\ud83dx""#,
                #""\u0000""#, #""a\u0000b""#, #""\u12""#, #""\uZZZZ""#, #""\x41""#,
            ] {
                cases.append(Case("\(field) \(json)", Self.body(field, json), [field]))
            }
            for bytes in [
                [0xff], [0xc0, 0x80], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80],
                [0xf5, 0x80, 0x80, 0x80], [0x00], [0x1f], [0x0a],
            ] as [[UInt8]] {
                let text = Self.body(field, "\"@@@\"")
                let parts = text.split(separator: "@@@").map { Array($0.utf8) }
                guard parts.count == 2 else { continue }
                cases.append(
                    Case("\(field) \(bytes)", bytes: parts[0] + bytes + parts[1], [field]))
            }
        }
        cases.append(Case("key", WebHouse.body { $0["@"] = 1 }.replacing("@", with: #"\ud800"#)))
        try await refuse(cases)
    }

    @Test(
        "control characters in each named field",
        arguments: [#"\u0001"#, #"\n"#, #"\u007f"#, #"\u009f"#])
    func controls(_ escape: String) async throws {
        try await refuse(
            [
                "amount", "order_id", "service", "customer_ip", "customer_code",
                "customer_first_name", "customer_last_name", "success_redirect_id",
                "fail_redirect_id", "notification_endpoint_id", "success_redirect_url",
                "fail_redirect_url", "notification_endpoint_url",
            ].map { Case($0, Self.body($0, "\"a\(escape)b\""), [$0]) })
    }

    @Test("each named field with each wrong type")
    func types() async throws {
        let numbersWelcome = ["amount", "order_id"]
        var cases: [Case] = []
        for field in [
            "amount", "order_id", "service", "customer_ip", "customer_code", "customer_first_name",
            "customer_last_name", "success_redirect_url", "fail_redirect_url",
            "notification_endpoint_url", "success_redirect_id", "notification_endpoint_id",
        ] {
            for json in ["true", "false", "[]", "{}", #"["x"]"#, #"{"x":1}"#, "0.001"] {
                if field == "order_id", json == "0.001" { continue }
                cases.append(Case("\(field) \(json)", Self.body(field, json), [field]))
            }
            if !numbersWelcome.contains(field), !field.hasSuffix("_id") {
                cases.append(Case("\(field) 7", Self.body(field, "7"), [field]))
            }
        }
        try await refuse(cases)
    }

    @Test("64 KiB exactly are read, one byte more is not")
    func sizes() async throws {
        try await WebHouse.use { house in
            let text = Array(WebHouse.body().utf8)
            let full = text + [UInt8](repeating: 0x20, count: Limits.bodyBytes - text.count)
            let before = try await house.rowCounts()
            #expect(full.count == 65_536)
            let more = try await house.call(Path.payment, full + [0x20])
            #expect(more.status == .contentTooLarge)
            #expect(more.errors?.isEmpty == true)
            #expect(try await house.rowCounts() == before)
            #expect(try await house.call(Path.payment, full).status == .ok)
        }
    }

    @Test("hundreds of unknown keys and long texts are kept, and refuse nothing")
    func unknownKeys() async throws {
        try await WebHouse.use { house in
            let response = try await house.create {
                for number in 0..<900 { $0["key_\(number)"] = .string("value \(number)") }
                $0["customer_browser_user_agent"] = .string(String(repeating: "🦊", count: 5000))
                $0["customer_email"] = "\u{7}\u{1b}[2J"
                $0["__proto__"] = ["toString": nil]
            }
            #expect(response.status == .ok)
            #expect(try await house.rowCounts()["payments"] == 1)
        }
    }

    @Test("texts that other languages would run are stored and shown as text")
    func injections() async throws {
        try await WebHouse.use { house in
            for order in [
                "'; DROP TABLE payments; --", "${jndi:ldap://x}", "{{amount}}", "%00%n%s",
                "../../x",
                "\\u0000",
            ] {
                let created = try await house.created { $0["order_id"] = .string(order) }
                let question = JSONValue.object(["order_id": .string(order)]).text
                let status = try await house.call(Path.paymentStatus, question)
                #expect(status.string("order_id") == order)
                #expect(try await house.page("/\(created.uuid)").status == .ok)
            }
        }
    }

    @Test("the sandbox's trigger and forms take hostile bodies as calmly")
    func unsignedDoors() async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            let before = try await house.rowCounts()
            for body in ["", "{", "[1]", #"{"outcome":7}"#, #"{"outcome":"maybe"}"#, "null"] {
                let response = try await house.decide(created.uuid, body)
                #expect(response.status == .badRequest, "\(body)")
                #expect(response.errors != nil, "\(body)")
            }
            let huge = String(repeating: "a=b&", count: 20_000)
            for form in ["bank=%ff%fe", "bank=\u{0}", "bank", "=", "bank=CIMB#x", "&&&", huge] {
                let response = try await house.post("/\(created.uuid)/attempts", form: form)
                #expect((400...499).contains(response.status.code), "\(form.prefix(20))")
                #expect(response.headers[.contentType] == "text/html; charset=utf-8")
            }
            #expect(try await house.rowCounts() == before)
        }
    }
}
