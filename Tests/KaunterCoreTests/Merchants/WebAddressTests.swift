import KaunterCore
import Testing

@Suite("Addresses that merchants name")
struct WebAddressTests {
    @Test(
        "an absolute address of the web is taken as it was written",
        arguments: [
            ("https://shop.example/paid?order=1&x=%20#top", "https://shop.example"),
            ("http://shop.example", "http://shop.example"),
            ("HTTPS://Shop.Example/Path", "https://shop.example"),
            ("https://shop.example:8443/", "https://shop.example:8443"),
            ("https://shop.example:443/", "https://shop.example"),
            ("http://shop.example:80/", "http://shop.example"),
            ("http://shop.example:443/", "http://shop.example:443"),
            ("http://shop.example:65535/", "http://shop.example:65535"),
            ("http://shop.example:/", "http://shop.example"),
            ("https://shop.example./", "https://shop.example."),
            ("http://localhost:3000/hook", "http://localhost:3000"),
            ("http://a_b.example/", "http://a_b.example"),
            ("http://192.0.2.1/", "http://192.0.2.1"),
            ("http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080"),
            ("http://[::ffff:192.0.2.1]/", "http://[::ffff:192.0.2.1]"),
            ("https://例え.jp/道?x=é", "https://xn--r8jz45g.jp"),
            ("https://xn--r8jz45g.jp/", "https://xn--r8jz45g.jp"),
            ("http://a.example#@b.example", "http://a.example"),
            ("http://a.example/@b.example", "http://a.example"),
        ])
    func takes(url: String, origin: String) throws {
        let address = try WebAddress.parse(url).get()
        #expect(address.url == url)
        #expect(address.origin == origin)
        #expect(address.isSecure == origin.hasPrefix("https:"))
    }

    @Test(
        "what is no absolute address of the web is refused",
        arguments: [
            "", "shop.example", "/paid", "//shop.example", "http:", "http://", "http:///paid",
            "http:shop.example", "http:/shop.example", "https:////a", "http://:80/", "http://?x",
            "javascript:alert(1)", "javascript://shop.example/%0Aalert(1)", "data:text/html,x",
            "ftp://shop.example", "file:///etc/passwd", "ws://shop.example", "httpx://shop.example",
            "http+unix://x", "mailto:a@shop.example", "blob:https://shop.example/1",
        ])
    func otherSchemes(url: String) {
        #expect(WebAddress.parse(url) == .failure(.notAWebAddress))
    }

    @Test(
        "user names and passwords are refused",
        arguments: [
            "http://user:pass@shop.example/", "http://user@shop.example/", "http://@shop.example/",
            "http://:@shop.example/", "https://shop.example@evil.example/",
            "https://shop.example%40x@evil.example/",
        ])
    func userNames(url: String) {
        #expect(WebAddress.parse(url) == .failure(.notAWebAddress))
    }

    @Test(
        "a port is a number from 1 to 65535",
        arguments: [
            "0", "65536", "99999", "99999999999999999999", "-1", "+80", "8a", "80:80", "８０",
        ])
    func ports(port: String) {
        #expect(WebAddress.parse("http://shop.example:\(port)/") == .failure(.notAWebAddress))
    }

    @Test(
        "a host is a name or an address, without tricks",
        arguments: [
            ".", "..", "a..b", ".a", "a b", "a%20b", "a%00b", "a%2Fb", "a<b>", "a,b", "a;b", "a!b",
            "*", "'", "[::1", "::1]", "[zz]", "[]", "[1]", "[v1.a]", "[fe80::1%25eth0]",
            "a\u{AD}b.example", "a\u{200D}b.example",
        ])
    func hosts(host: String) {
        #expect(WebAddress.parse("http://\(host)/") == .failure(.notAWebAddress))
    }

    @Test(
        "spaces, controls, backslashes and what can't be seen are refused",
        arguments: [
            " ", "\t", "\n", "\r", "\r\nX: y", "\u{0}", "\u{1B}", "\u{7F}", "\u{85}", "\u{A0}",
            "\u{2028}", "\u{202E}", "\u{3000}", "\u{FEFF}", "\\", "\u{200B}",
        ])
    func invisible(text: String) {
        let url = "http://shop.example"
        for bad in ["\(text)\(url)/", "\(url)/\(text)", "\(url)\(text)/x", "\(url)/?a=\(text)b"] {
            #expect(WebAddress.parse(bad) == .failure(.notAWebAddress))
        }
    }

    @Test("255 characters are taken and 256 are not, counted as code points")
    func length() {
        for letter in ["a", "é", "道"] {
            let start = "https://shop.example/"
            let longest = start + String(repeating: letter, count: 255 - start.count)
            #expect((try? WebAddress.parse(longest).get()) != nil)
            #expect(WebAddress.parse(longest + letter) == .failure(.tooLong))
        }
        #expect(WebAddress.parse(String(repeating: " ", count: 256)) == .failure(.tooLong))
    }
}
