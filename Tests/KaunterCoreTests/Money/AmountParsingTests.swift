import KaunterCore
import Testing

@Suite("Reading and printing amounts")
struct AmountParsingTests {
    @Test(
        "amounts are read from their digits",
        arguments: [
            ("100", 100_00), ("100.5", 100_50), ("100.50", 100_50), ("0.01", 1), ("0.1", 10),
            ("1.00", 1_00), ("00100", 100_00), ("000.10", 10), ("19.99", 19_99),
            ("30000.00", 3_000_000), ("999999999", 99_999_999_900),
            ("999999999.99", 99_999_999_999),
            (String(repeating: "0", count: 29) + "100", 100_00),
        ] as [(String, Int64)])
    func reads(text: String, sen: Int64) throws {
        #expect(try Amount.parse(text) == .sen(sen))
    }

    @Test(
        "what is no number of digits and one dot is refused",
        arguments: [
            "", " ", ".", "1.", ".5", "1..5", "1.5.0", "+1", "-1", "-0.01", " 1", "1 ", "1 000",
            "1,000", "1,5", "1_000", "1'000", "1e2", "1E2", "1.5e1", "0x10", "NaN", "inf", "RM1",
            "１００", "١٠٠", "१००", "1０", "1．5", "1·5", "½", "²", "1\u{0}", "1\n", "\u{FEFF}1",
            "1\u{301}", "é",
        ])
    func refuses(text: String) {
        #expect(throws: Amount.Fault.notANumber) { try Amount.parse(text) }
    }

    @Test(
        "more than two decimals are refused and never rounded, even zeros",
        arguments: [
            "100.500", "0.001", "1.999", "1.000", "0.000", "1." + String(repeating: "0", count: 99),
        ])
    func tooManyDecimals(text: String) {
        #expect(throws: Amount.Fault.tooManyDecimals) { try Amount.parse(text) }
    }

    @Test(
        "what does not fit decimal(11,2) is too large, however long it is",
        arguments: [
            "1000000000", "1000000000.00", "9223372036854775807", "9223372036854775808",
            "92233720368547758.07", String(repeating: "9", count: 32),
            String(repeating: "9", count: 33), "1" + String(repeating: "0", count: 39),
            String(repeating: "9", count: 60_000),
        ])
    func tooLarge(text: String) {
        #expect(throws: Amount.Fault.tooLarge) { try Amount.parse(text) }
    }

    @Test("nothing is no amount", arguments: ["0", "0.0", "0.00", "000", "00.00"])
    func notPositive(text: String) {
        #expect(throws: Amount.Fault.notPositive) { try Amount.parse(text) }
    }

    @Test(
        "amounts are printed with a dot, no separators, and so many decimals",
        arguments: [
            (0, "0.00", "0.00000000", "0.000000000"),
            (1, "0.01", "0.01000000", "0.010000000"),
            (10, "0.10", "0.10000000", "0.100000000"),
            (93_84, "93.84", "93.84000000", "93.840000000"),
            (5000_00, "5000.00", "5000.00000000", "5000.000000000"),
            (99_999_999_999, "999999999.99", "999999999.99000000", "999999999.990000000"),
            (-5, "-0.05", "-0.05000000", "-0.050000000"),
            (-123_45, "-123.45", "-123.45000000", "-123.450000000"),
        ] as [(Int64, String, String, String)])
    func prints(sen: Int64, two: String, eight: String, nine: String) {
        #expect(Money.sen(sen).decimal() == two)
        #expect(Money.sen(sen).decimal(decimals: 8) == eight)
        #expect(Money.sen(sen).decimal(decimals: 9) == nine)
    }

    @Test("the widest integers can be printed")
    func extremes() {
        #expect(Money.sen(.min).decimal() == "-92233720368547758.08")
        #expect(Money.sen(.max).decimal() == "92233720368547758.07")
    }

    @Test("what is printed is read as the same amount")
    func roundTrip() throws {
        for sen: Int64 in [1, 9, 10, 99, 100, 101, 999, 1000, 123_456_789, 99_999_999_999] {
            #expect(try Amount.parse(Money.sen(sen).decimal()) == .sen(sen))
        }
    }
}
