import Foundation
import KaunterAPI
import Testing

/// The message that Tests/Vectors/make.php signs.
func vectorMessage(desc: String?, commission: String? = "4.50") -> NotificationMessage {
    NotificationMessage(
        type: "payment", id: 108_465_371, orderID: "order/1+2 é😀", paymentStatus: "paid",
        amount: "300.00", paymentAmount: "300.00", commissionAmount: commission,
        isPartialPayment: false, account: "bd291fe1-5c19-4113-ae62-a2d3c4d01d20",
        service: "online_banking_myr_hpp", desc: desc)
}

@Suite("Writing notifications")
struct NotificationMessageTests {
    static let cases = [
        ("notification", vectorMessage(desc: "Two \"books\" & a <pen>")),
        ("notification-plain", vectorMessage(desc: nil)),
        (
            "notification-older",
            vectorMessage(desc: "Two \"books\" & a <pen>", commission: nil)
        ),
    ]

    @Test("the signed text, the query and the JSON body are PHP's own", arguments: cases)
    func phpGoldens(name: String, message: NotificationMessage) throws {
        let key = try SigningKey(privatePEM: Vector.text("rsa.pkcs8.pem"))
        let sign = try key.sign(Array(message.signedText.utf8), digest: .sha1)
        #expect(message.signedText == (try Vector.text("\(name).signed.txt")))
        #expect(message.query(sign: sign) == (try Vector.text("\(name).query.txt")))
        #expect(message.form(sign: sign) == (try Vector.text("\(name).query.txt")))
        #expect(message.jsonBody(sign: sign) == (try Vector.text("\(name).json")))
    }

    @Test("part payment is the string 1")
    func partialPayment() {
        var message = vectorMessage(desc: nil)
        message.isPartialPayment = true
        #expect(message.signedText.contains(#""is_partial_payment":"1""#))
        #expect(message.query(sign: "x").contains("&is_partial_payment=1&"))
    }
}

@Suite("Reading notifications")
struct SignedNotificationTests {
    @Test(
        "PHP's query, form and JSON give the message back",
        arguments: NotificationMessageTests.cases)
    func reads(name: String, message: NotificationMessage) throws {
        let byQuery = try SignedNotification(query: Vector.text("\(name).query.txt"))
        let byForm = try SignedNotification(form: Vector.text("\(name).form.txt"))
        let byJSON = try SignedNotification(json: JSONValue(parsing: Vector.bytes("\(name).json")))
        #expect(byQuery.message == message)
        #expect(byForm == byQuery)
        #expect(byJSON == byQuery)
        #expect(SignatureText.decode(byQuery.sign)?.count == 256)
    }

    @Test("the endpoint's own fields are passed over")
    func foreignFields() throws {
        let query = try Vector.text("notification.query.txt")
        let expected = try SignedNotification(query: query)
        #expect(try SignedNotification(query: "shop=5&&x&=&" + query + "&shop=6") == expected)
    }

    @Test("a field of ours that is missing or comes twice is an error")
    func missingAndRepeated() throws {
        let query = try Vector.text("notification-plain.query.txt")
        let pairs = query.split(separator: "&").map(String.init)
        try #require(pairs.count == 11)
        for index in pairs.indices where !pairs[index].hasPrefix("commission_amount") {
            var missing = pairs
            missing.remove(at: index)
            let repeated = pairs + [pairs[index]]
            for changed in [missing, repeated] {
                let query = changed.joined(separator: "&")
                #expect(throws: MalformedMessage.self) { try SignedNotification(query: query) }
            }
        }
        #expect(throws: MalformedMessage.self) {
            try SignedNotification(query: query + "&desc=a&desc=b")
        }
        #expect(throws: MalformedMessage.self) {
            try SignedNotification(query: query + "&commission_amount=4.50")
        }
    }

    @Test(
        "a field in an unknown form is an error",
        arguments: [
            ("id=108465371", "id=0108465371"), ("id=108465371", "id=%2B108465371"),
            ("id=108465371", "id=99999999999999999999"), ("id=108465371", "id="),
            ("id=108465371", "id"), ("is_partial_payment=0", "is_partial_payment=false"),
            ("is_partial_payment=0", "is_partial_payment=2"), ("amount=300.00", "amount=%"),
            ("amount=300.00", "amount=%3"), ("amount=300.00", "amount=%zz"),
            ("amount=300.00", "amount=%FF"), ("amount=300.00", "amount=3%00"),
            ("&order_id=", "&order_id[]="),
        ])
    func wrongForms(original: String, replacement: String) throws {
        let query = try Vector.text("notification.query.txt")
        let range = try #require(query.firstRange(of: original))
        let changed = query.replacingCharacters(in: range, with: replacement)
        #expect(throws: MalformedMessage.self) { try SignedNotification(query: changed) }
    }

    @Test("a JSON body with a wrong kind or without a key is an error")
    func wrongJSON() throws {
        let bytes = try Vector.bytes("notification.json")
        let body = try #require(JSONValue(parsing: bytes).objectValue)
        for key in body.keys {
            for value: JSONValue? in [Optional.none, true, [1], .number("1.5")]
            where value != nil || !["desc", "commission_amount"].contains(key) {
                var changed = body
                changed[key] = value
                #expect(throws: MalformedMessage.self) {
                    try SignedNotification(json: .object(changed))
                }
            }
        }
        #expect(throws: MalformedMessage.self) { try SignedNotification(json: []) }
    }

    @Test("too long a text and too many fields are errors")
    func limits() throws {
        let query = try Vector.text("notification.query.txt")
        #expect(throws: Never.self) {
            try SignedNotification(query: query + String(repeating: "&a=1", count: 88))
        }
        #expect(throws: MalformedMessage.self) {
            try SignedNotification(query: query + String(repeating: "&a=1", count: 89))
        }
        #expect(throws: MalformedMessage.self) {
            try SignedNotification(query: query + "&a=" + String(repeating: "x", count: 16_384))
        }
    }
}
