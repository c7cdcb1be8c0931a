import KaunterAPI
import Testing

@Suite("Redirects")
struct RedirectMessageTests {
    let message = RedirectMessage(
        orderID: "order/1+2 é😀", uuid: "bd291fe1-5c19-4113-ae62-a2d3c4d01d20")

    @Test("the signed text is PHP's own, and PHP's form gives the message back")
    func phpGoldens() throws {
        #expect(message.signedText == (try Vector.text("redirect.signed.txt")))
        let redirect = try SignedRedirect(form: Vector.text("redirect.form.txt"))
        #expect(redirect.message == message)
        #expect(redirect.sign.flatMap(SignatureText.decode)?.count == 256)
    }

    @Test("the signature is left out when there is none")
    func withoutSignature() throws {
        #expect(message.fields(sign: nil).map(\.name) == ["order_id", "uuid"])
        #expect(message.fields(sign: "s").map(\.name) == ["order_id", "uuid", "sign"])
        #expect(try SignedRedirect(form: message.query(sign: nil)).sign == nil)
        #expect(try SignedRedirect(form: message.query(sign: "+/=")).sign == "+/=")
    }

    @Test(
        "a missing or doubled field is an error",
        arguments: [
            "", "order_id=1", "uuid=1", "order_id=1&order_id=1&uuid=1",
            "order_id=1&uuid=1&sign=a&sign=a",
        ])
    func malformed(form: String) {
        #expect(throws: MalformedMessage.self) { try SignedRedirect(form: form) }
    }
}
