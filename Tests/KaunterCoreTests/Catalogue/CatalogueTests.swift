import Foundation
import KaunterCore
import Testing

@Suite("The table of deposit codes")
struct CatalogueTests {
    /// Rows of deposit-codes.tsv: the mandated document's table, copied from it and not from here.
    private static func table() throws -> [[String]] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "deposit-codes.tsv")
        return try String(contentsOf: file, encoding: .utf8)
            .split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
    }

    @Test("services, codes and names are the document's, in its order")
    func document() throws {
        let rows = Catalogue.depositCodes.map { [$0.service.rawValue, $0.code, $0.name] }
        #expect(try rows == Self.table())
        #expect(rows.count == 38)
    }

    @Test("no code stands twice, under whatever service")
    func unique() {
        #expect(Set(Catalogue.depositCodes.map(\.code)).count == 38)
    }

    @Test("kinds follow from services and names")
    func kinds() {
        for row in Catalogue.depositCodes {
            let kind: DepositCode.Kind =
                switch row.service {
                case .qrCode: .duitNowQR
                case .eWallet: .eWallet
                case .onlineBanking where row.code == "FPX": .fpxSelection
                case .onlineBanking: row.name.hasSuffix(" (FPX)") ? .fpx : .onlineBanking
                }
            #expect(row.kind == kind, "\(row.code)")
        }
    }

    @Test("a code is found under its own service only, and by its exact letters")
    func lookup() throws {
        for row in Catalogue.depositCodes {
            #expect(Catalogue.depositCode(row.code) == row)
            for service in Service.allCases {
                let found = Catalogue.depositCode(row.code, of: service)
                #expect(found == (service == row.service ? row : nil))
            }
        }
        for code in ["", "fpx", "MBBFPX ", "DUITNOW\u{0}", "ＭＢＢ", "TNGO"] {
            #expect(Catalogue.depositCode(code) == nil)
        }
    }

    @Test("the selection page offers the nineteen FPX banks; every other code only itself")
    func choices() throws {
        #expect(Catalogue.fpxBanks.count == 19)
        #expect(Catalogue.fpxBanks.allSatisfy { $0.code.hasSuffix("FPX") && $0.kind == .fpx })
        for row in Catalogue.depositCodes {
            let payment = Sample.payment(of: Sample.order(code: row))
            #expect(payment.choices == (row.code == "FPX" ? Catalogue.fpxBanks : [row]))
        }
    }
}
