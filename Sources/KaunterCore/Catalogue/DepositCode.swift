/// One row of the mandated document's table "Deposit Bank Code": what `customer_code` may be.
package struct DepositCode: Sendable, Hashable {
    /// How a payer pays with this code.
    package enum Kind: String, Sendable {
        /// The bank's own online banking.
        case onlineBanking
        /// The page that offers the FPX banks.
        case fpxSelection
        /// One bank, through FPX.
        case fpx
        /// A DuitNow QR symbol, for any app.
        case duitNowQR
        /// One e-wallet.
        case eWallet
    }

    package let service: Service
    /// The text of `customer_code`.
    package let code: String
    /// The bank's or wallet's name, as the document writes it.
    package let name: String
    package let kind: Kind
}
