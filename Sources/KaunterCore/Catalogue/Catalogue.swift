/// The mandated document's table of deposit codes, as data: 32 banks, the FPX selection page, one
/// QR and four wallets.
package enum Catalogue {
    /// All 38 codes, in the document's order.
    package static let depositCodes: [DepositCode] =
        onlineBanking + fpxSelection + fpx + duitNowQR + eWallets

    /// The banks that the selection page offers.
    package static let fpxBanks: [DepositCode] = fpx

    /// The row of this code under this service, or nil.
    package static func depositCode(_ code: String, of service: Service) -> DepositCode? {
        depositCodes.first { $0.code == code && $0.service == service }
    }

    /// The row of this code under whichever service has it. Codes are unique over all services.
    package static func depositCode(_ code: String) -> DepositCode? {
        depositCodes.first { $0.code == code }
    }

    private static let onlineBanking = rows(
        .onlineBanking, .onlineBanking,
        [
            ("AFF", "Affin Bank"),
            ("ALB", "Alliance Bank Malaysia Berhad"),
            ("AMB", "AmBank Group"),
            ("BIMB", "Bank Islam Malaysia Berhad"),
            ("BSN", "Bank Simpanan Nasional"),
            ("CIMB", "CIMB Bank Berhad"),
            ("HLB", "Hong Leong Bank Berhad"),
            ("HSBC", "HSBC Bank (Malaysia) Berhad"),
            ("MBB", "Maybank Berhad"),
            ("OCBC", "OCBC Bank (Malaysia) Berhad"),
            ("PBB", "Public Bank Berhad"),
            ("RHB", "RHB Banking Group"),
            ("UOB", "United Overseas Bank (Malaysia) Bhd"),
        ])

    private static let fpxSelection = rows(
        .onlineBanking, .fpxSelection, [("FPX", "FPX Bank Selection Page")])

    private static let fpx = rows(
        .onlineBanking, .fpx,
        [
            ("AFFFPX", "Affin Bank (FPX)"),
            ("AGROBFPX", "Agrobank (FPX)"),
            ("ALBFPX", "Alliance Bank (FPX)"),
            ("AMBFPX", "AmBank (FPX)"),
            ("BIMBFPX", "Bank Islam (FPX)"),
            ("BKRFPX", "Bank Rakyat (FPX)"),
            ("BMMBFPX", "Bank Muamalat (FPX)"),
            ("BOCMFPX", "Bank of China (FPX)"),
            ("BSNFPX", "BSN Bank (FPX)"),
            ("CIMBFPX", "CIMB Bank (FPX)"),
            ("HLBFPX", "Hong Leong Bank (FPX)"),
            ("HSBCFPX", "HSBC (FPX)"),
            ("KFHFPX", "Kuwait Finance House (FPX)"),
            ("MBBFPX", "Maybank (FPX)"),
            ("OCBCFPX", "OCBC (FPX)"),
            ("PBBFPX", "Public Bank (FPX)"),
            ("RHBFPX", "RHB Bank (FPX)"),
            ("SCTBFPX", "Standard Chartered Bank (FPX)"),
            ("UOBFPX", "UOB (FPX)"),
        ])

    private static let duitNowQR = rows(.qrCode, .duitNowQR, [("DUITNOW", "Duitnow")])

    private static let eWallets = rows(
        .eWallet, .eWallet,
        [
            ("TNGODUITNOW", "Touch N Go"),
            ("GRABDUITNOW", "GrabPay"),
            ("MAEDUITNOW", "MAE"),
            ("BOOSTDUITNOW", "BOOST"),
        ])

    private static func rows(
        _ service: Service, _ kind: DepositCode.Kind, _ table: [(code: String, name: String)]
    ) -> [DepositCode] {
        table.map { DepositCode(service: service, code: $0.code, name: $0.name, kind: kind) }
    }
}
