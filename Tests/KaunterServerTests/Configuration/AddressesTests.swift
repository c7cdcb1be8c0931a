import Testing

@testable import KaunterServer

@Suite("Addresses")
struct AddressesTests {
    @Test(
        "HOST:PORT is read, with IPv6 in brackets, and printed as it was",
        arguments: [
            ("127.0.0.1:8080", "127.0.0.1", 8080), ("localhost:1", "localhost", 1),
            ("0.0.0.0:65535", "0.0.0.0", 65_535), ("[::1]:8080", "::1", 8080),
            ("[2001:db8::1]:443", "2001:db8::1", 443),
        ])
    func listen(_ text: String, _ host: String, _ port: Int) throws {
        let address = try #require(ListenAddress(text))
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.description == text)
    }

    @Test(
        "what is no HOST:PORT is refused",
        arguments: [
            "", ":", ":8080", "8080", "localhost", "localhost:", "localhost:0", "localhost:65536",
            "localhost:-1", "localhost:80x", "localhost: 80", "::1:8080", "[]:80", "a:b:80",
            "localhost:8080:",
        ])
    func wrongListen(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test(
        "a public URL loses one slash at its end and its capitals",
        arguments: [
            ("https://pay.example", "https://pay.example"),
            ("https://pay.example/", "https://pay.example"),
            ("HTTPS://Pay.Example", "https://pay.example"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ])
    func publicURL(_ text: String, _ expected: String) {
        #expect(PublicURL.parse(text) == expected)
    }

    @Test(
        "what is more or less than scheme, host and port is refused",
        arguments: [
            "", "pay.example", "//pay.example", "ftp://pay.example", "https://", "https:///",
            "https://pay.example/x", "https://pay.example//", "https://pay.example?x=1",
            "https://pay.example#x", "https://user@pay.example", "https://pay.example:0",
            "https://pay example", "javascript:alert(1)",
        ])
    func wrongPublicURL(_ text: String) {
        #expect(PublicURL.parse(text) == nil)
    }

    @Test("a secret shows nothing of itself")
    func secret() {
        let secret = Secret("t0ps3cret")
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(describing: secret), String(reflecting: secret), dumped] {
            #expect(!text.contains("t0ps"))
        }
        #expect(secret.revealed == "t0ps3cret")
        #expect(secret == Secret("t0ps3cret"))
    }
}
