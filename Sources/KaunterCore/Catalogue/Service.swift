/// The kinds of payment a merchant can ask for, by the names of the mandated document.
package enum Service: String, Sendable, CaseIterable {
    case onlineBanking = "online_banking_myr_hpp"
    case qrCode = "qr_code_myr_hpp"
    case eWallet = "e_wallet_myr_hpp"
}
