import Foundation
import KaunterAPI
import KaunterClient
import Testing

@Suite("Verifying notifications")
struct NotificationVerifierTests {
    static let account = "bd291fe1-5c19-4113-ae62-a2d3c4d01d20"
    let verifier: NotificationVerifier

    init() throws {
        verifier = try NotificationVerifier(
            publicPEM: Vector.text("rsa.public.pem"), expecting: Self.account)
    }

    @Test(
        "what PHP signed and sent is genuine as query, form and JSON",
        arguments: ["notification", "notification-plain", "notification-older"])
    func genuine(name: String) throws {
        let byQuery = try verifier.verify(query: Vector.text("\(name).query.txt"))
        let byForm = try verifier.verify(form: Vector.text("\(name).form.txt"))
        let byJSON = try verifier.verify(json: Vector.text("\(name).json").utf8)
        #expect(byQuery.message.orderID == "order/1+2 é😀")
        #expect(byQuery.message.paymentStatus == "paid")
        #expect(byQuery.digest == .sha1)
        #expect(byForm == byQuery)
        #expect(byJSON == byQuery)
    }

    @Test("a SHA-256 signature is genuine, and may be asked for")
    func digests() throws {
        let key = try SigningKey(privatePEM: Vector.text("rsa.pkcs8.pem"))
        let strict = try NotificationVerifier(
            publicPEM: Vector.text("rsa.public.pem"), isSHA256Only: true)
        let sha1 = try Vector.text("notification.query.txt")
        let message = try SignedNotification(query: sha1).message
        let sign = try key.sign(Array(message.signedText.utf8), digest: .sha256)
        #expect(try verifier.verify(query: message.query(sign: sign)).digest == .sha256)
        #expect(try strict.verify(query: message.query(sign: sign)).digest == .sha256)
        #expect(throws: VerificationFault.wrongSignature) { try strict.verify(query: sha1) }
    }

    @Test(
        "one changed field makes it false",
        arguments: [
            ("type=payment", "type=payout"), ("id=108465371", "id=108465372"),
            ("order_id=order", "order_id=Order"), ("payment_status=paid", "payment_status=fail"),
            ("&amount=300.00", "&amount=300.01"), ("payment_amount=300.00", "payment_amount=0.00"),
            ("commission_amount=4.50", "commission_amount=0.00"),
            // Without it the message is an older one, which this signature is not over.
            ("&commission_amount=4.50", ""),
            ("is_partial_payment=0", "is_partial_payment=1"), ("service=online", "service=offline"),
            ("desc=Two", "desc=Ten"), ("account=bd", "account=cd"), ("&desc=Two", "&x=Two"),
            ("sign=", "sign=A"), ("sign=", "sign=AAAA"), ("sign=", "sign=&x="),
        ])
    func changed(original: String, replacement: String) throws {
        let query = try Vector.text("notification.query.txt")
        let range = try #require(query.firstRange(of: original))
        let changed = query.replacingCharacters(in: range, with: replacement)
        #expect(throws: VerificationFault.wrongSignature) { try verifier.verify(query: changed) }
        #expect(throws: VerificationFault.wrongSignature) { try verifier.verify(form: changed) }
    }

    @Test("a genuine notification about another account is refused")
    func otherAccount() throws {
        let other = try NotificationVerifier(
            publicPEM: Vector.text("rsa.public.pem"), expecting: "another")
        let query = try Vector.text("notification.query.txt")
        #expect(throws: VerificationFault.otherAccount) { try other.verify(query: query) }
    }

    @Test("another key's signature is wrong")
    func otherKey() throws {
        let pem = try SigningKey.generate().verifyingKey.publicPEM
        let other = try NotificationVerifier(publicPEM: pem)
        let query = try Vector.text("notification.query.txt")
        #expect(throws: VerificationFault.wrongSignature) { try other.verify(query: query) }
    }

    @Test("missing and doubled fields, and bodies that are no JSON, are malformed")
    func malformed() throws {
        let query = try Vector.text("notification.query.txt")
        let json = try Vector.text("notification.json")
        for changed in ["", "id=1", query + "&id=108465371", query + "&sign=x"] {
            let fault = #expect(throws: VerificationFault.self) {
                try verifier.verify(query: changed)
            }
            guard case .malformed? = fault else {
                Issue.record("\(changed.prefix(20))")
                continue
            }
        }
        for changed in ["", "[]", "{}", json + "x", "{\"id\":108465371," + json.dropFirst()] {
            let fault = #expect(throws: VerificationFault.self) {
                try verifier.verify(json: changed.utf8)
            }
            guard case .malformed? = fault else {
                Issue.record("\(changed.prefix(20))")
                continue
            }
        }
    }

    @Test("a redirect that PHP signed is genuine")
    func redirect() throws {
        let form = try Vector.text("redirect.form.txt")
        let redirect = try verifier.verifyRedirect(form: form)
        #expect(redirect.message.uuid == Self.account)
        let changed = form.replacingOccurrences(of: "uuid=b", with: "uuid=c")
        #expect(throws: VerificationFault.wrongSignature) {
            try verifier.verifyRedirect(form: changed)
        }
    }

    @Test("a redirect without signature is unsigned, and with an empty one wrong")
    func unsignedRedirect() {
        #expect(throws: VerificationFault.unsigned) {
            try verifier.verifyRedirect(form: "order_id=1&uuid=2")
        }
        #expect(throws: VerificationFault.wrongSignature) {
            try verifier.verifyRedirect(form: "order_id=1&uuid=2&sign=")
        }
        #expect(throws: VerificationFault.malformed(reason: "uuid is missing")) {
            try verifier.verifyRedirect(form: "order_id=1&sign=x")
        }
    }
}
