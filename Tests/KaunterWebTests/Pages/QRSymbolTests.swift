import Testing

@testable import KaunterWeb

@Suite("The QR symbol")
struct QRSymbolTests {
    @Test("a short text is a symbol of 21 modules with four of margin on each side")
    func smallest() throws {
        let svg = try #require(QRSymbol.svg("KAUNTER", label: "a label"))
        #expect(svg.contains("viewBox=\"0 0 29 29\""))
        #expect(svg.contains("aria-label=\"a label\""))
        // The corner of the first finder pattern: seven dark modules, then a light one.
        #expect(svg.contains("d=\"M4 4h1v1h-1zM5 4h1v1h-1z"))
        #expect(svg.contains("M10 4h1v1h-1z"))
        #expect(!svg.contains("M11 4h"))
    }

    @Test("the same text gives the same symbol, another text another")
    func stable() {
        #expect(QRSymbol.svg("one", label: "") == QRSymbol.svg("one", label: ""))
        #expect(QRSymbol.svg("one", label: "") != QRSymbol.svg("two", label: ""))
    }

    @Test("a text that fits no symbol is none")
    func tooLong() {
        #expect(QRSymbol.svg(String(repeating: "x", count: 5000), label: "") == nil)
        #expect(QRSymbol.svg("", label: "") == nil)
    }
}
