import Foundation
import KaunterAPI
import KaunterClient
import Testing

@Suite("Verifying notifications by Standard Webhooks")
struct WebhookVerifierTests {
    static let account = "bd291fe1-5c19-4113-ae62-a2d3c4d01d20"
    static let sentAt: Int64 = 1_614_265_330
    let key: StandardWebhookKey

    init() throws {
        key = try StandardWebhookKey(
            secret: Array(repeating: 3, count: 32), seed: Array(repeating: 4, count: 32))
    }

    private func headers(
        over payload: String, by keys: [StandardWebhookKey]? = nil
    ) throws -> [(name: String, value: String)] {
        try StandardWebhookKey.sign(
            Array(payload.utf8), id: "evt_1", timestamp: Self.sentAt, by: keys ?? [key]
        ).fields
    }

    private func verifier(
        _ keys: [String], expecting account: String? = Self.account, later seconds: Double = 0
    ) throws -> WebhookVerifier {
        try WebhookVerifier(
            keys: keys, expecting: account,
            now: { Date(timeIntervalSince1970: Double(Self.sentAt) + seconds) })
    }

    @Test("what carries no `sign` is genuine by its headers alone")
    func unsigned() throws {
        let query = try Vector.text("notification.query.txt")
        let short = String(query.prefix(upTo: try #require(query.range(of: "&sign=")).lowerBound))
        let verified = try verifier([key.secretText]).verify(
            query: short, headers: headers(over: short))
        #expect(verified.message == (try NotificationMessage(query: query)))
        #expect(throws: VerificationFault.self) {
            _ = try verifier([key.secretText]).verify(query: short, headers: headers(over: query))
        }
    }

    @Test("a query, a form and a JSON body are genuine by the secret and by the public key")
    func genuine() throws {
        for text in [key.secretText, key.publicText] {
            let verifier = try verifier([text])
            let query = "shop=1&" + (try Vector.text("notification.query.txt"))
            let form = try Vector.text("notification.form.txt")
            let json = try Vector.text("notification.json")
            let byQuery = try verifier.verify(query: query, headers: headers(over: query))
            let byForm = try verifier.verify(form: form, headers: headers(over: form))
            let byJSON = try verifier.verify(json: json.utf8, headers: headers(over: json))
            #expect(byQuery.message.orderID == "order/1+2 é😀")
            #expect(byQuery.id == "evt_1")
            #expect(byQuery.sentAt == Date(timeIntervalSince1970: Double(Self.sentAt)))
            #expect(byForm == byQuery)
            #expect(byJSON == byQuery)
        }
    }

    @Test("a wrong secret, an altered body and altered headers are refused")
    func wrong() throws {
        let query = try Vector.text("notification.query.txt")
        let other = try StandardWebhookKey(
            secret: Array(repeating: 5, count: 32), seed: Array(repeating: 6, count: 32))
        let headers = try headers(over: query)
        for text in [other.secretText, other.publicText] {
            let verifier = try verifier([text])
            #expect(throws: VerificationFault.wrongSignature) {
                try verifier.verify(query: query, headers: headers)
            }
        }
        let verifier = try verifier([key.secretText, key.publicText])
        let changed = query.replacing("paid", with: "fail")
        #expect(throws: VerificationFault.wrongSignature) {
            try verifier.verify(query: changed, headers: headers)
        }
        for (index, value) in [(0, "evt_2"), (1, "\(Self.sentAt + 1)"), (2, "v1,AAAA")] {
            var altered = headers
            altered[index].value = value
            #expect(throws: VerificationFault.wrongSignature) {
                try verifier.verify(query: query, headers: altered)
            }
        }
        #expect(throws: VerificationFault.malformed(reason: "webhook-id is missing")) {
            try verifier.verify(query: query, headers: Array(headers.dropFirst()))
        }
    }

    @Test(
        "five minutes either way are near enough, a second more is not",
        arguments: [(300.0, true), (301, false), (-300, true), (-301, false), (86_400, false)])
    func tolerance(seconds: Double, isNear: Bool) throws {
        let json = try Vector.text("notification.json")
        let verifier = try verifier([key.secretText], later: seconds)
        let headers = try headers(over: json)
        guard !isNear else {
            #expect(try verifier.verify(json: json.utf8, headers: headers).id == "evt_1")
            return
        }
        #expect(throws: VerificationFault.outsideTolerance) {
            try verifier.verify(json: json.utf8, headers: headers)
        }
    }

    @Test("while a secret is rotated, who has the old one or the new one verifies")
    func rotation() throws {
        let new = try StandardWebhookKey(
            secret: Array(repeating: 5, count: 32), seed: Array(repeating: 6, count: 32))
        let form = try Vector.text("notification.form.txt")
        let headers = try headers(over: form, by: [new, key])
        for text in [key.secretText, new.secretText, key.publicText, new.publicText] {
            #expect(try verifier([text]).verify(form: form, headers: headers).id == "evt_1")
        }
    }

    @Test("another account's notification, and a body that is none, are refused")
    func others() throws {
        let query = try Vector.text("notification.query.txt")
        let headers = try headers(over: query)
        let other = try verifier([key.secretText], expecting: "another")
        #expect(throws: VerificationFault.otherAccount) {
            try other.verify(query: query, headers: headers)
        }
        let verifier = try verifier([key.secretText])
        for text in ["", "[]", "{}", "type=payment"] {
            let headers = try self.headers(over: text)
            for fault in [
                #expect(throws: VerificationFault.self) {
                    try verifier.verify(query: text, headers: headers)
                },
                #expect(throws: VerificationFault.self) {
                    try verifier.verify(json: text.utf8, headers: headers)
                },
            ] {
                guard case .malformed? = fault else {
                    Issue.record("\(text)")
                    continue
                }
            }
        }
    }
}
