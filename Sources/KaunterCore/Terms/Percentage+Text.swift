extension Percentage {
    /// Decimals of a percentage: 1 is a ten-thousandth of a percent.
    private static let decimals = 4

    /// The percentage that a text such as "2.5" names: digits and one dot, four decimals at most,
    /// 0 to 100; nil if it names none.
    package init?(_ text: String) {
        let parts = text.utf8.split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...3).contains(whole.count) else { return nil }
        let fraction = parts.count == 2 ? parts[1] : whole[whole.endIndex...]
        guard parts.count == 1 || (1...Self.decimals).contains(fraction.count) else { return nil }
        var millionths: Int64 = 0
        for digit in Array(whole) + Array(fraction) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            millionths = millionths * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        for _ in fraction.count..<Self.decimals { millionths *= 10 }
        guard millionths <= Self.whole else { return nil }
        self.init(clamping: millionths)
    }

    /// As it is written: "2.5", without needless zeros.
    package var text: String {
        var fraction = String(millionths % 10_000)
        fraction = String(repeating: "0", count: Self.decimals - fraction.count) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let whole = String(millionths / 10_000)
        return fraction.isEmpty ? whole : "\(whole).\(fraction)"
    }
}
