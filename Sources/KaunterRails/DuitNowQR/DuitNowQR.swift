package import KaunterCore

/// A dynamic DuitNow QR for one payment (PayNet "QR Data Object V1.5").
package struct DuitNowQR: Sendable, Equatable {
    /// At most 6 characters.
    package let acquirerID: String
    /// At most 28 letters and digits.
    package let qrID: String
    /// Four digits; `0000` where there is no category.
    package let merchantCategoryCode: String
    package let amount: Money
    /// At most 25 characters; `MERCHANT` where none of the name's letters can be printed.
    package let merchantName: String
    /// At most 15 characters; `MY` where there is no city.
    package let merchantCity: String
    /// At most 25 characters: our reference, which comes back with the money.
    package let referenceLabel: String

    /// Characters that PayNet's table does not allow are dropped, and what is too long is cut: a
    /// name never makes a code that no app can read.
    package init(
        acquirerID: String, qrID: String, merchantCategoryCode: String, amount: Money,
        merchantName: String, merchantCity: String, referenceLabel: String
    ) {
        self.acquirerID = Self.plain(acquirerID, atMost: 6)
        self.qrID = Self.plain(qrID, atMost: 28)
        let isCategory =
            merchantCategoryCode.utf8.count == 4
            && merchantCategoryCode.utf8.allSatisfy { "0123456789".utf8.contains($0) }
        self.merchantCategoryCode = isCategory ? merchantCategoryCode : "0000"
        self.amount = amount
        let name = Self.plain(merchantName, atMost: 25)
        self.merchantName = name.isEmpty ? "MERCHANT" : name
        let city = Self.plain(merchantCity, atMost: 15)
        self.merchantCity = city.isEmpty ? "MY" : city
        self.referenceLabel = Self.plain(referenceLabel, atMost: 25)
    }

    /// The printable ASCII of a text, so that characters are bytes.
    private static func plain(_ text: String, atMost length: Int) -> String {
        let scalars = text.unicodeScalars.filter { (0x20...0x7e).contains($0.value) }
        return String(String(String.UnicodeScalarView(scalars)).prefix(length))
    }

    /// The text of the symbol.
    package var text: String {
        let account = EMVCode.text(of: [
            EMVCode.DataObject("00", "A0000006150001"),
            EMVCode.DataObject("01", acquirerID),
            EMVCode.DataObject("02", qrID),
        ])
        return EMVCode([
            // Malaysia writes 02 where EMVCo itself says 01.
            EMVCode.DataObject("00", "02"),
            // Dynamic: for this payment only.
            EMVCode.DataObject("01", "12"),
            EMVCode.DataObject("26", account),
            EMVCode.DataObject("52", merchantCategoryCode),
            // MYR by its ISO 4217 number.
            EMVCode.DataObject("53", "458"),
            EMVCode.DataObject("54", amount.decimal()),
            EMVCode.DataObject("58", "MY"),
            EMVCode.DataObject("59", merchantName),
            EMVCode.DataObject("60", merchantCity),
            EMVCode.DataObject("62", EMVCode.text(of: [EMVCode.DataObject("05", referenceLabel)])),
        ]).text
    }
}
