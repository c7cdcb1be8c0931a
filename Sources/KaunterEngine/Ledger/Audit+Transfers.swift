import KaunterStorage

/// Transfers, acts and what else stands alone.
extension Audit {
    mutating func checkTransfers() throws {
        try forEachPage(of: .transfers) { audit, page in
            let reading = audit.reading
            audit.report.checked.transfers += page.count
            audit.add(try reading.unbalanced(page), .unbalanced, of: "transfer")
            audit.add(try reading.withoutEntries(page), .noEntries, of: "transfer")
            audit.add(try reading.onOtherDays(page), .wrongDay, of: "transfer")
            audit.add(try reading.outOfPhase(page), .outOfPhase, of: "transfer")
            audit.add(try reading.otherThanPending(page), .otherThanPending, of: "transfer")
            audit.add(try reading.withoutCause(page), .noCause, of: "transfer")
            audit.add(try reading.transfersOutOfChain(page), .outOfChain, of: "transfer")
        }
    }

    /// Holds, settlements and what operators did.
    mutating func checkOthers() throws {
        try forEachPage(of: .holds) { audit, page in
            audit.report.checked.holds += page.count
            audit.add(try audit.reading.holdsAmiss(page), .hold, of: "hold")
        }
        try forEachPage(of: .settlements) { audit, page in
            audit.report.checked.settlements += page.count
            audit.add(try audit.reading.settlementsAmiss(page), .settlement, of: "settlement")
        }
        try forEachPage(of: .acts) { audit, page in
            audit.report.checked.acts += page.count
            audit.add(try audit.reading.actsOutOfChain(page), .outOfChain, of: "act")
        }
        let lost = try reading.queuedForNothing(limit: AuditReport.findingsAtMost)
        add(lost, .queuedForNothing, of: "item")
    }
}
