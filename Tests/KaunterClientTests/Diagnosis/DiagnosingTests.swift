import Foundation
import KaunterAPI
import KaunterClient
import Testing

@Suite("Why a capture is not genuine")
struct DiagnosingTests {
    private let key: SigningKey
    private let ours: Diagnosing.NamedKey

    init() throws {
        key = try SigningKey(privatePEM: Vector.text("rsa.pkcs8.pem"))
        ours = try Diagnosing.NamedKey(
            name: "ours", key: VerifyingKey(publicPEM: Vector.text("rsa.public.pem")))
    }

    private func diagnose(_ text: String) throws -> Diagnosis {
        Diagnosing(keys: [ours]).diagnose(try Capture(text.utf8))
    }

    /// Steps and codes, in order.
    private static func found(_ diagnosis: Diagnosis) -> [String] {
        diagnosis.mistakes.map { "\($0.step.rawValue) \($0.code)" }
    }

    private static func percent(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private func signed(_ text: String, _ digest: SignatureDigest = .sha1) throws -> String {
        try key.sign(Array(text.utf8), digest: digest)
    }

    @Test(
        "what PHP signed and sent is genuine in every form of capture",
        arguments: ["notification", "notification-plain"])
    func genuine(_ name: String) throws {
        let query = try Vector.text("\(name).query.txt")
        let form = try Vector.text("\(name).form.txt")
        let json = try Vector.text("\(name).json")
        let captures = [
            query, form, json, " \n\(query)\r\n", "\u{FEFF}\(json)\n", "?\(query)", "/n?\(query)",
            "https://shop.example/notify?\(query)#top", "https://shop.example/n?shop=1&\(query)",
            "GET /n?\(query) HTTP/1.1\r\nHost: shop.example\r\n\r\n",
            "POST /n HTTP/1.1\r\nContent-Type: application/json\r\n\r\n\(json)",
            "POST /n HTTP/1.1\nHost: x\n\n\(form)",
            "203.0.113.7 - - [25/Nov/2026:14:00:00 +0800] \"GET /n?\(query) HTTP/2.0\" 200 5 \"-\"",
        ]
        for capture in captures {
            let diagnosis = try diagnose(capture)
            #expect(diagnosis.isGenuine, "\(capture.prefix(60)): \(Self.found(diagnosis))")
            #expect(diagnosis.format == "current")
            #expect(diagnosis.digest == "sha1")
            #expect(diagnosis.kind == .notification)
        }
    }

    @Test("a redirect is genuine, and an altered one is not")
    func redirect() throws {
        let form = try Vector.text("redirect.form.txt")
        let diagnosis = try diagnose(form)
        #expect(diagnosis.isGenuine)
        #expect(diagnosis.kind == .redirect)
        let unsigned = try #require(form.range(of: "&sign="))
        #expect(Self.found(try diagnose(String(form[..<unsigned.lowerBound]))) == ["form unsigned"])
        let altered = form.replacingOccurrences(of: "order_id=", with: "order_id=x")
        #expect(Self.found(try diagnose(altered)) == ["field unknown"])
    }

    @Test("the older list without commission_amount is known, and says nothing of a fee beside it")
    func older() throws {
        let text = try Vector.text("notification.signed.txt")
            .replacingOccurrences(of: #""commission_amount":"4.50","#, with: "")
        let query = try Self.changed(
            "&commission_amount=4.50", "", sign: signed(text), Vector.text("notification.query.txt")
        )
        let diagnosis = try diagnose(query)
        #expect(diagnosis.isGenuine)
        #expect(diagnosis.format == "older")
        let beside = try Self.changed(
            "", "", sign: signed(text), Vector.text("notification.query.txt"))
        #expect(Self.found(try diagnose(beside)) == ["field not_signed"])
    }

    /// A query in which a part, and perhaps the signature, is another.
    private static func changed(
        _ from: String, _ to: String, sign: String? = nil, _ query: String
    ) -> String {
        let parts = query.components(separatedBy: "&sign=")
        var front = parts[0]
        if !from.isEmpty { front = front.replacingOccurrences(of: from, with: to) }
        return "\(front)&sign=\(sign.map(percent) ?? parts[1])"
    }

    @Test(
        "one altered field is named, with the value that would be genuine",
        arguments: [
            ("payment_status=paid", "payment_status=fail", "payment_status", "paid"),
            ("type=payment", "type=payout", "type", "payment"),
            ("is_partial_payment=0", "is_partial_payment=1", "is_partial_payment", "0"),
            ("&amount=300.00", "&amount=30.00", "amount", "300.00"),
            ("&amount=300.00", "&amount=300", "amount", "300.00"),
            ("payment_amount=300.00", "payment_amount=3.00", "payment_amount", "300.00"),
            ("payment_amount=300.00", "payment_amount=300,00", "payment_amount", "300.00"),
            ("commission_amount=4.50", "commission_amount=0.00", "commission_amount", "4.50"),
            (
                "account=bd291fe1", "account=BD291fe1", "account",
                "bd291fe1-5c19-4113-ae62-a2d3c4d01d20"
            ),
            ("id=108465371", "id=0108465371", "id", "108465371"),
            (
                "service=online_banking_myr_hpp", "service=qr_code_myr_hpp", "service",
                "online_banking_myr_hpp"
            ),
        ])
    func altered(_ from: String, _ to: String, _ field: String, _ value: String) throws {
        let query = try Vector.text("notification.query.txt")
        let diagnosis = try diagnose(query.replacingOccurrences(of: from, with: to))
        #expect(Self.found(diagnosis) == ["field altered"])
        #expect(diagnosis.mistakes.first?.field == field)
        #expect(diagnosis.mistakes.first?.genuineValue == value)
        #expect(diagnosis.isExplained)
    }

    @Test("two altered fields are named; what can't be known is not guessed")
    func alteredTwice() throws {
        let query = try Vector.text("notification.query.txt")
            .replacingOccurrences(of: "payment_status=paid", with: "payment_status=cancel")
        let two = query.replacingOccurrences(of: "payment_amount=300.00", with: "payment_amount=0")
        let diagnosis = try diagnose(two)
        #expect(Set(diagnosis.mistakes.map(\.field)) == ["payment_status", "payment_amount"])
        #expect(Set(diagnosis.mistakes.map(\.genuineValue)) == ["paid", "300.00"])
        let unknown = try diagnose(query.replacingOccurrences(of: "desc=Two", with: "desc=Ten"))
        #expect(Self.found(unknown) == ["field unknown"])
        #expect(!unknown.isExplained)
    }

    @Test(
        "a field that was lost, doubled or left out is named",
        arguments: [
            ("&payment_status=paid", "", "form missing"), ("&id=", "&x=", "form missing"),
            ("&amount=300.00", "&amount=300.00&amount=300.00", "form doubled"),
            ("&sign=", "&x=", "form unsigned"), ("&sign=", "&sign=&x=", "form unsigned"),
        ])
    func form(_ from: String, _ to: String, _ wanted: String) throws {
        let query = try Vector.text("notification.query.txt")
        #expect(
            Self.found(try diagnose(query.replacingOccurrences(of: from, with: to))) == [wanted])
    }

    @Test("a digest that the protocol doesn't take is named")
    func digests() throws {
        let text = try Vector.text("notification.signed.txt")
        let query = try Vector.text("notification.query.txt")
        let sha256 = Self.changed("", "", sign: try signed(text, .sha256), query)
        #expect(try diagnose(sha256).digest == "sha256")
        let strict = Diagnosing(keys: [ours], isSHA256Only: true)
        #expect(strict.diagnose(try Capture(sha256.utf8)).isGenuine)
        #expect(Self.found(strict.diagnose(try Capture(query.utf8))) == ["digest sha1"])
    }

    @Test("another key is told from other fields, and named if it is at hand")
    func keys() throws {
        let other = try SigningKey.generate()
        let query = try Vector.text("notification.query.txt")
        let sign = try other.sign(
            Array(Vector.text("notification.signed.txt").utf8), digest: .sha1)
        let foreign = Self.changed("", "", sign: sign, query)
        #expect(Self.found(try diagnose(foreign)) == ["key other_key"])
        let both = Diagnosing(keys: [ours, .init(name: "theirs", key: other.verifyingKey)])
        let diagnosis = both.diagnose(try Capture(foreign.utf8))
        #expect(Self.found(diagnosis) == ["key named_key"])
        #expect(diagnosis.mistakes.first?.sentence.contains("theirs") == true)
        let larger = try SigningKey.generate(bits: 3072)
        let large = Self.changed(
            "", "", sign: try larger.sign([1], digest: .sha1), query)
        #expect(Self.found(try diagnose(large)) == ["key other_key"])
    }
}
