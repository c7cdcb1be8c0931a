import Foundation
import KaunterAPI
import KaunterClient
import Testing

@Suite("Captures that were encoded, decoded or written otherwise")
struct EncodingMistakeTests {
    private let key: SigningKey
    private let ours: Diagnosing.NamedKey
    private let query: String
    private let json: String

    init() throws {
        key = try SigningKey(privatePEM: Vector.text("rsa.pkcs8.pem"))
        ours = try Diagnosing.NamedKey(
            name: "ours", key: VerifyingKey(publicPEM: Vector.text("rsa.public.pem")))
        query = try Vector.text("notification.query.txt")
        json = try Vector.text("notification.json")
    }

    private func found(_ bytes: some Sequence<UInt8>) throws -> [String] {
        Diagnosing(keys: [ours]).diagnose(try Capture(bytes)).mistakes.map {
            "\($0.step.rawValue) \($0.code)"
        }
    }

    /// Everything behind `sign=`, changed.
    private func withSign(_ change: (String) -> String) -> String {
        let parts = query.components(separatedBy: "sign=")
        return "\(parts[0])sign=\(change(parts[1]))"
    }

    @Test(
        "a signature that suffered on the way",
        arguments: [
            ("%2B", "+", "encoding sign_unescaped_plus"),
            ("%2B", "%20", "encoding sign_unescaped_plus"),
            ("%", "%25", "encoding sign_encoded_twice"),
            ("%3D", "", "encoding sign_padding"),
        ])
    func sign(_ from: String, _ to: String, _ wanted: String) throws {
        let text = withSign { $0.replacingOccurrences(of: from, with: to) }
        #expect(try found(text.utf8) == [wanted])
    }

    @Test("base64 for URLs, a cut signature, and what is no base64")
    func signs() throws {
        let url = withSign {
            $0.replacingOccurrences(of: "%2B", with: "-").replacingOccurrences(of: "%2F", with: "_")
                .replacingOccurrences(of: "%3D", with: "")
        }
        #expect(try found(url.utf8) == ["encoding sign_url_alphabet"])
        #expect(try found(withSign { String($0.prefix(200)) }.utf8) == ["encoding sign_length"])
        #expect(try found(withSign { _ in "!!!" }.utf8) == ["encoding sign_not_base64"])
    }

    @Test(
        "values of a query that suffered on the way",
        arguments: [
            // order_id is `order/1+2 é😀`: its plus bare.
            ("1%2B2", "1+2", "encoding unescaped_plus"),
            ("%20%22books", "%20&quot;books", "field unknown"),
        ])
    func values(_ from: String, _ to: String, _ wanted: String) throws {
        let text = query.replacingOccurrences(of: from, with: to)
        #expect(try found(text.utf8) == [wanted])
    }

    @Test("a space as + in a query is as good as %20")
    func plusIsSpace() throws {
        #expect(try found(query.replacingOccurrences(of: "%20", with: "+").utf8).isEmpty)
    }

    @Test("a query that was percent-encoded twice, all of it or its values alone")
    func twice() throws {
        let values = query.components(separatedBy: "&sign=")[0]
            .replacingOccurrences(of: "%", with: "%25")
        let sign = query.components(separatedBy: "&sign=")[1]
        #expect(try found("\(values)&sign=\(sign)".utf8) == ["encoding encoded_twice"])
        let all = query.replacingOccurrences(of: "%", with: "%25")
        #expect(
            try found(all.utf8) == ["encoding sign_encoded_twice", "encoding encoded_twice"])
    }

    @Test("values of a JSON capture that were never decoded, or decoded otherwise")
    func jsonValues() throws {
        // What a receiver logs that takes the query apart and decodes nothing, or too much.
        let fields = query.components(separatedBy: "&").map { pair in
            pair.components(separatedBy: "=")
        }
        func log(_ change: (_ name: String, _ value: String) -> String) -> String {
            let members = fields.map { field in
                (field[0], JSONValue.string(change(field[0], field[1])))
            }
            return JSONValue.object(JSONObject(members: members)).text
        }
        let decode = { (text: String) in text.removingPercentEncoding ?? "" }
        #expect(try found(log { _, value in decode(value) }.utf8).isEmpty)
        let left = log { name, value in name == "sign" ? decode(value) : value }
        #expect(try found(left.utf8) == ["encoding percent_left"])
        let both = log { _, value in value }
        #expect(
            try found(both.utf8) == ["encoding sign_percent_left", "encoding percent_left"])
        let formLeft = log { name, value in
            name == "sign" ? decode(value) : value.replacingOccurrences(of: "%20", with: "+")
        }
        #expect(try found(formLeft.utf8) == ["encoding form_left"])
        let escaped = log { name, value in
            decode(value).replacingOccurrences(of: "&", with: "&amp;")
                .replacingOccurrences(of: "\"", with: "&quot;")
                .replacingOccurrences(of: "<", with: "&lt;")
                .replacingOccurrences(of: ">", with: "&gt;")
        }
        #expect(try found(escaped.utf8) == ["encoding html_escaped"])
    }

    @Test("text in Latin-1, and UTF-8 that was taken for it")
    func latin1() throws {
        let plain = query.replacingOccurrences(of: "%F0%9F%98%80", with: "")
        let text = try Vector.text("notification.signed.txt")
            .replacingOccurrences(of: "\\ud83d\\ude00", with: "")
        let sign = try key.sign(Array(text.utf8), digest: .sha1)
            .addingPercentEncoding(withAllowedCharacters: .alphanumerics)
        let signed = plain.components(separatedBy: "&sign=")[0] + "&sign=\(sign ?? "")"
        #expect(try found(signed.utf8).isEmpty)
        let latin = signed.replacingOccurrences(of: "%C3%A9", with: "%E9")
        #expect(try found(latin.utf8) == ["encoding latin_1"])
        let raw = signed.components(separatedBy: "%C3%A9")
        let bytes = Array(raw[0].utf8) + [0xE9] + Array(raw[1].utf8)
        #expect(try found(bytes) == ["encoding latin_1"])
        let mangled = signed.replacingOccurrences(of: "%C3%A9", with: "%C3%83%C2%A9")
        #expect(try found(mangled.utf8) == ["encoding utf8_as_latin_1"])
        let apart = signed.replacingOccurrences(of: "%C3%A9", with: "e%CC%81")
        #expect(try found(apart.utf8) == ["encoding decomposed"])
    }

    @Test(
        "spaces and pluses that changed places in a JSON capture",
        arguments: [
            (" ", "+", "encoding plus_for_space"), ("+", " ", "encoding space_for_plus"),
        ])
    func pluses(_ from: String, _ to: String, _ wanted: String) throws {
        var object = try #require(try JSONValue(parsing: json.utf8).objectValue)
        let orderID = from == " " ? "a b c" : "a+b+c"
        object["order_id"] = .string(orderID)
        object["desc"] = nil
        object["sign"] = nil
        object["desc"] = .null
        let text = JSONValue.object(object).phpText
        object["sign"] = .string(try key.sign(Array(text.utf8), digest: .sha1))
        #expect(try found(JSONValue.object(object).text.utf8).isEmpty)
        object["order_id"] = .string(orderID.replacingOccurrences(of: from, with: to))
        #expect(try found(JSONValue.object(object).text.utf8) == [wanted])
    }

    @Test("another way to write the signed text is named")
    func styles() throws {
        let signed = try Vector.text("notification.signed.txt")
        let plainSlashes = signed.replacingOccurrences(of: "\\/", with: "/")
        let unicode = signed.replacingOccurrences(of: "\\u00e9\\ud83d\\ude00", with: "é😀")
        let texts = [
            (plainSlashes, "encoding json_unescaped_slashes"),
            (unicode, "encoding json_unescaped_unicode"),
            (
                unicode.replacingOccurrences(of: "\\/", with: "/"),
                "encoding json_unescaped_slashes_and_unicode"
            ),
            (
                plainSlashes.replacingOccurrences(of: "\",\"", with: "\", \"")
                    .replacingOccurrences(of: "108465371,", with: "108465371, ")
                    .replacingOccurrences(of: "\":", with: "\": "),
                "encoding json_spaces_between"
            ),
            (
                signed.replacingOccurrences(of: "108465371", with: "\"108465371\""),
                "encoding json_id_as_string"
            ),
            (
                "{"
                    + signed.dropFirst().dropLast().components(separatedBy: ",\"")
                    .map { $0.hasPrefix("\"") ? $0 : "\"\($0)" }.sorted().joined(separator: ",")
                    + "}", "order alphabetical"
            ),
        ]
        for (text, wanted) in texts {
            let sign =
                try key.sign(Array(text.utf8), digest: .sha1)
                .addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let capture = query.components(separatedBy: "&sign=")[0] + "&sign=\(sign)"
            #expect(try found(capture.utf8) == [wanted])
        }
    }

    @Test("what is no capture is refused, and no bytes trap")
    func refused() throws {
        for text in ["", " ", "{", "[]", "{}", "hello", "a=b", "GET / HTTP/1.1", "?", "=&=&%"] {
            #expect(throws: MalformedMessage.self) { try Capture(text.utf8) }
        }
        let long = Array(repeating: UInt8(ascii: "a"), count: Capture.bytesAtMost + 1)
        #expect(throws: MalformedMessage.self) { try Capture(long) }
        let bytes = Array(query.utf8)
        for index in stride(from: 0, to: bytes.count, by: 17) {
            for replacement in [0x00, 0x25, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = replacement
                if let capture = try? Capture(changed) {
                    let isGenuine = Diagnosing(keys: []).diagnose(capture).isGenuine
                    #expect(!isGenuine)
                }
            }
        }
    }
}
