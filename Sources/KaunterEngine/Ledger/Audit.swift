import KaunterCore
package import KaunterStorage

/// Recomputes the books from their entries, and holds everything that is kept beside them against
/// that: `kaunter audit`. It changes nothing, and needs the same memory however large they are.
package struct Audit {
    let reading: Reading
    var report = AuditReport()
    /// What the entries of each kind of account sum to, sealed or not.
    var totals: [String: Int64] = [:]
    /// Endpoints that were removed.
    var removedEndpoints: Set<Int64> = []
    /// What lies in suspense undecided.
    var inSuspense: Int64 = 0

    /// Rows of a page.
    static let pageRows = 2_000
    /// Accounts of a page: each may have thousands of days.
    static let pageAccounts = 20
    /// Entries of a page.
    static let pageEntries = 10_000

    private init(_ reading: Reading) {
        self.reading = reading
    }

    /// Audits what one look sees: it takes as long as the books are large, and the look is open all
    /// the while.
    package static func run(_ reading: Reading) throws -> AuditReport {
        var audit = Audit(reading)
        try audit.checkTransfers()
        try audit.checkBalances()
        try audit.checkSubjects()
        try audit.checkSuspense()
        try audit.checkOthers()
        try audit.checkSeals()
        audit.checkTotals(onItsWayBack: try reading.onItsWayBack())
        return audit.report
    }

    /// Goes through a table, a page at a time.
    mutating func forEachPage(
        of table: AuditedTable, rows: Int = pageRows,
        _ check: (inout Audit, IDRange) throws -> Void
    ) throws {
        var last: Int64 = -1
        while let page = try reading.idRange(of: table, after: last, limit: rows) {
            try check(&self, page)
            last = page.last
        }
    }

    /// Adds a finding if two numbers differ.
    mutating func expect(
        _ found: Int64?, _ expected: Int64?, _ code: AuditFinding.Code, _ subject: String
    ) {
        guard found != expected else { return }
        report.add(
            AuditFinding(
                code, subject, expected: expected.map(String.init) ?? "-",
                found: found.map(String.init) ?? "-"))
    }

    mutating func add(_ mismatches: [Mismatch], _ code: AuditFinding.Code, of row: String) {
        for mismatch in mismatches {
            expect(mismatch.found, mismatch.expected, code, "\(row) \(mismatch.id)")
        }
    }

    mutating func add(_ ids: [Int64], _ code: AuditFinding.Code, of row: String) {
        for id in ids { report.add(AuditFinding(code, "\(row) \(id)")) }
    }

    /// What the books say in all.
    private mutating func checkTotals(onItsWayBack: Int64) {
        func total(_ codes: AccountCode...) -> Int64 {
            codes.reduce(0) { $0 &+ (totals[$1.rawValue] ?? 0) }
        }
        expect(totals.values.reduce(0, &+), 0, .total, "all accounts")
        expect(total(.suspense), inSuspense, .suspenseTotal, "account suspense")
        expect(total(.refundClearing), onItsWayBack, .clearingTotal, "account refund_clearing")
        let have = -total(.bank, .railReceivable, .receivable)
        let owe = total(
            .available, .hold, .rollingReserve, .payoutsReserved, .suspense, .refundClearing,
            .taxPayable)
        if have < owe {
            report.add(AuditFinding(.shortfall, "all accounts", expected: owe, found: have))
        }
    }
}

extension Engine {
    /// Audits the store as it is at this moment.
    package func audit() async throws -> AuditReport {
        try await reader.read { try Audit.run($0) }
    }
}
