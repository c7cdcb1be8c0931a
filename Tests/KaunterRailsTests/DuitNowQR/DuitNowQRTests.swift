import KaunterCore
import Testing

@testable import KaunterRails

@Suite("DuitNow QR")
struct DuitNowQRTests {
    private static func code(
        acquirer: String = "000000", id: String = "KAUNTERSANDBOX", category: String = "0000",
        amount: Money = .sen(100_00), name: String = "KAUNTER SANDBOX", city: String = "MY",
        label: String = "B2C3D4F5G6H7J8K9L2M3"
    ) -> DuitNowQR {
        DuitNowQR(
            acquirerID: acquirer, qrID: id, merchantCategoryCode: category, amount: amount,
            merchantName: name, merchantCity: city, referenceLabel: label)
    }

    @Test("its text is the one that was made elsewhere from the same parts")
    func vector() throws {
        #expect(try QRVectors.ours().contains(Self.code().text))
    }

    @Test("every object has the place and content of PayNet's table")
    func objects() throws {
        let code = try EMVCode(parsing: Self.code().text)
        #expect(
            code.objects.map(\.id) == [
                "00", "01", "26", "52", "53", "54", "58", "59", "60", "62",
            ])
        #expect(code["01"] == "12")
        #expect(code["54"] == "100.00")
        let account = try EMVCode.template(#require(code["26"]))
        #expect(account.map(\.value) == ["A0000006150001", "000000", "KAUNTERSANDBOX"])
        #expect(
            try EMVCode.template(#require(code["62"])) == [
                EMVCode.DataObject("05", "B2C3D4F5G6H7J8K9L2M3")
            ])
    }

    @Test(
        "amounts have two decimals",
        arguments: [(1, "0.01"), (1_00, "1.00"), (99_999_999_999, "999999999.99")]
            as [(Int64, String)])
    func amounts(sen: Int64, text: String) throws {
        #expect(try EMVCode(parsing: Self.code(amount: .sen(sen)).text)["54"] == text)
    }

    @Test("what is too long is cut to PayNet's lengths")
    func lengths() throws {
        let long = String(repeating: "A", count: 200)
        let cut = Self.code(
            acquirer: long, id: long, category: long, name: long, city: long, label: long)
        let code = try EMVCode(parsing: cut.text)
        let account = try EMVCode.template(#require(code["26"]))
        #expect(account.map(\.value.count) == [14, 6, 28])
        #expect(["52", "59", "60"].map { code[$0]?.count } == [4, 25, 15])
        #expect(code["52"] == "0000")
        #expect(try EMVCode.template(#require(code["62"])).map(\.value.count) == [25])
    }

    @Test(
        "whatever a merchant is called, the code can be read",
        arguments: [
            "", "示例商店", String(repeating: "👨‍👩‍👧‍👦", count: 5), "Café Amélie", "A\nB\u{0}C",
            "\u{202E}evil",
        ])
    func names(name: String) throws {
        let code = try EMVCode(
            parsing: Self.code(
                acquirer: name, id: name, category: name, name: name, city: name, label: name
            ).text)
        for id in ["59", "60"] {
            let value = try #require(code[id])
            #expect(value.utf8.allSatisfy { (0x20...0x7e).contains($0) })
        }
        #expect(code["52"] == "0000")
    }

    @Test("a category is four digits, else none", arguments: ["5999", "0000"])
    func category(text: String) throws {
        #expect(try EMVCode(parsing: Self.code(category: text).text)["52"] == text)
        #expect(try EMVCode(parsing: Self.code(category: text + "1").text)["52"] == "0000")
        #expect(try EMVCode(parsing: Self.code(category: "５999").text)["52"] == "0000")
    }

    @Test("a name keeps its plain letters, and an empty city is MY")
    func plainLetters() throws {
        let code = try EMVCode(parsing: Self.code(name: "Café 24 Sdn. Bhd.", city: "").text)
        #expect(code["59"] == "Caf 24 Sdn. Bhd.")
        #expect(code["60"] == "MY")
    }
}
