import Foundation
import KaunterCore
import Testing

/// The accounting policy, told in rows of text as in `docs/internals/ledger.md`.
@Suite("The accounting policy")
struct AccountingPolicyTests {
    @Test("each event moves what its rows say", arguments: PolicyTable.cases)
    func rows(_ story: PolicyTable.Story) throws {
        var ledger = PolicyLedger()
        try ledger.perform(PolicyRow.rows(of: story.rows))
        #expect(ledger.complaints == [])
    }

    @Test("rows that say something else are noticed", arguments: PolicyTable.mistakes)
    func mistakes(_ story: PolicyTable.Story) throws {
        var ledger = PolicyLedger()
        try ledger.perform(PolicyRow.rows(of: story.rows))
        #expect(ledger.complaints.count > 0)
    }

    @Test("each function of the policy has a row, and each reason in each of its phases")
    func complete() throws {
        let events = try PolicyTable.cases.flatMap { try PolicyRow.rows(of: $0.rows) }
            .compactMap { row -> PolicyEvent? in
                if case .event(let event) = row { event } else { nil }
            }
        #expect(Set(events.map(\.function)) == Set(try Self.functions()))
        let told = Set(events.map { "\($0.reason.rawValue) \($0.phase.rawValue)" })
        let all = TransferReason.allCases.flatMap { reason in
            reason.phases.map { "\(reason.rawValue) \($0.rawValue)" }
        }
        #expect(told == Set(all))
    }

    private static let ledgerFolder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/KaunterCore/Ledger")

    /// The functions of the policy that make transfers, by name and first parameter, as they stand
    /// in the sources.
    private static func functions() throws -> [String] {
        let files = try FileManager.default.contentsOfDirectory(atPath: ledgerFolder.path)
        return try files.filter { $0.hasPrefix("AccountingPolicy") }.flatMap { name in
            let text = try String(contentsOf: ledgerFolder.appending(path: name), encoding: .utf8)
            return text.matches(
                of: /package static func (\w+)\(\s*([^:]+):[^{]*?->\s*\[?Transfer\]?\s*\{/
            ).map { "\($0.1) \($0.2)" }
        }
    }
}
