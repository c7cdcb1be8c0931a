import Testing

@testable import KaunterEngine

@Suite("The address that goes out")
struct PinnedTargetTests {
    @Test(
        "what belongs to no URL is escaped, and what is escaped stays",
        arguments: [
            ("https://kedai.example/", "https://kedai.example/"),
            ("HTTP://Kedai.Example:8080", "http://kedai.example:8080"),
            (
                "https://kedai.example/a%2Fb?c=%2F+d&e=1%252F",
                "https://kedai.example/a%2Fb?c=%2F+d&e=1%252F"
            ),
            ("https://kedai.example/ü%2F?é=%2F", "https://kedai.example/%C3%BC%2F?%C3%A9=%2F"),
            ("https://kedai.example?é=%2F%C3%BC", "https://kedai.example?%C3%A9=%2F%C3%BC"),
            ("https://kedai.example/?a={%20}|\"^", "https://kedai.example/?a=%7B%20%7D%7C%22%5E"),
            (
                "https://kedai.example/?a=%&b=%2&c=%zz%41",
                "https://kedai.example/?a=%25&b=%252&c=%25zz%41"
            ),
            ("https://kedai.example/?a=%é", "https://kedai.example/?a=%25%C3%A9"),
            ("https://kedai.example/?a=b?c/d@e:f", "https://kedai.example/?a=b?c/d@e:f"),
            ("https://müsli.example/ü?a=%2F", "https://xn--msli-0ra.example/%C3%BC?a=%2F"),
        ])
    func escaped(text: String, sent: String) {
        #expect(PinnedTarget(text)?.url == sent)
    }

    @Test(
        "what is no address is none",
        arguments: ["", "://", "x", "ftp://a.example/", "https://", "https:///x", "http://a b/"])
    func none(text: String) {
        #expect(PinnedTarget(text) == nil)
    }
}
