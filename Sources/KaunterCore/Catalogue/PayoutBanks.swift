/// Where payouts can go: the mandated document's table "Payout Bank Code", and the banks beyond it
/// that refunds and returns need. BICs as PayNet lists them; the usual lengths of account numbers
/// differ from source to source, so they are only warned about.
extension Catalogue {
    /// All payout banks: the document's 16 in its order, then the others.
    package static let payoutBanks: [PayoutBank] = offeredPayoutBanks + furtherPayoutBanks

    /// The bank of this code, offered or not.
    package static func payoutBank(_ code: String) -> PayoutBank? {
        payoutBanks.first { $0.code == code }
    }

    private static let offeredPayoutBanks: [PayoutBank] = [
        bank("BIMB", "Bank Islam Malaysia Berhad", "BIMBMYKL", 13...14),
        bank("AGROB", "Agro Bank (Bank Pertanian Malaysia Berhad)", "AGOBMYKL", 16...17),
        bank("ARBM", "Al-Rajhi Bank Malaysia", "RJHIMYKL", 15...15),
        bank("BKR", "Bank Kerjasama Rakyat Malaysia Berhad", "BKRMMYKL", 10...12),
        bank("BMMB", "Bank Muamalat Malaysia Berhad", "BMMBMYKL", 14...14),
        bank("BNPP", "BNP Paribas Malaysia", "BNPAMYKL", 6...16),
        bank("BOFAM", "Bank of America Malaysia Berhad", "BOFAMY2X", 5...17),
        bank("BOCM", "Bank of China Malaysia", "BKCHMYKL", 13...15),
        bank("DBB", "Deutsche Bank Malaysia Berhad", "DEUTMYKL", 10...17),
        bank("ICBCM", "Industrial and Commercial Bank of China (Malaysia)", "ICBKMYKL", 17...19),
        bank("JPMC", "J.P. Morgan Chase Bank Berhad", "CHASMYKX", 10...17),
        bank("MCBMB", "Mizuho Corporate Bank Malaysia Berhad", "MHCBMYKA", 10...10),
        bank("SMBC", "Sumitomo Mitsui Banking Corporation Malaysia BHD", "SMBCMYKL", 8...8),
        bank("MBSB", "MBSB Bank", "AFBQMYKL", 16...17),
        bank("GXB", "GXBank", "GXSPMYKL", 13...13),
        bank("TNGO", "Touch N Go e-wallet", "TNGDMYNB", nil),
    ]

    private static let furtherPayoutBanks: [PayoutBank] = [
        bank("AFF", "Affin Bank", "PHBMMYKL", nil, isOffered: false),
        bank("ALB", "Alliance Bank Malaysia Berhad", "MFBBMYKL", nil, isOffered: false),
        bank("AMB", "AmBank Group", "ARBKMYKL", nil, isOffered: false),
        bank("BSN", "Bank Simpanan Nasional", "BSNAMYK1", nil, isOffered: false),
        bank("CIMB", "CIMB Bank Berhad", "CIBBMYKL", nil, isOffered: false),
        bank("HLB", "Hong Leong Bank Berhad", "HLBBMYKL", nil, isOffered: false),
        bank("HSBC", "HSBC Bank (Malaysia) Berhad", "HBMBMYKL", nil, isOffered: false),
        bank("MBB", "Maybank Berhad", "MBBEMYKL", nil, isOffered: false),
        bank("OCBC", "OCBC Bank (Malaysia) Berhad", "OCBCMYKL", nil, isOffered: false),
        bank("PBB", "Public Bank Berhad", "PBBEMYKL", nil, isOffered: false),
        bank("RHB", "RHB Banking Group", "RHBBMYKL", nil, isOffered: false),
        bank("UOB", "United Overseas Bank (Malaysia) Bhd", "UOVBMYKL", nil, isOffered: false),
    ]

    private static func bank(
        _ code: String, _ name: String, _ bic: String, _ usualDigits: ClosedRange<Int>?,
        isOffered: Bool = true
    ) -> PayoutBank {
        PayoutBank(
            code: code, name: name, bic: bic, usualDigits: usualDigits, isOffered: isOffered)
    }
}
