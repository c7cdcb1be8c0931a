import ArgumentParser
import Foundation
import KaunterAPI
import KaunterServer
import KaunterWeb

/// `kaunter balance`
struct BalanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "balance", abstract: "Show what we have and owe.",
        discussion: """
            Without an account: the house's and the rails' balances.

            Examples:
              kaunter balance
              kaunter balance --account UUID
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("A merchant's account.", valueName: "uuid"))
    var account: String?

    func run() async throws {
        var parameters = JSONObject()
        if let account { parameters.set("account", to: .string(account)) }
        store.show(try await store.perform(.showBalance, parameters))
    }
}

/// `kaunter audit`
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Recompute the books, and say what is wrong.",
        discussion: """
            It changes nothing. It recomputes every balance from the entries, checks every \
            transfer, holds payments, payouts, suspense, holds and settlements against them, and \
            recomputes every seal. Exits 1 if anything is wrong.

            Example:
              kaunter audit
            """)

    @OptionGroup var store: StoreOptions

    func run() async throws {
        let report = try await store.perform(.audit, [:])
        store.show(report, Self.words(of: report))
        if report["clean"]?.booleanValue != true { throw ExitCode.failure }
    }

    private static func words(of report: JSONObject) -> String {
        let checked = report["checked"]?.objectValue ?? [:]
        let counts = checked.members.map { "\($0.value.numberText ?? "0") \($0.key)" }
        let looked = "Checked \(counts.joined(separator: ", "))."
        if report["clean"]?.booleanValue == true { return "\(looked)\nEverything adds up." }
        let findings = (report["findings"]?.arrayValue ?? []).compactMap(\.objectValue)
        let lines = findings.map { finding in
            let text = { (name: String) in finding[name]?.stringValue ?? "" }
            let numbers =
                text("expected").isEmpty && text("found").isEmpty
                ? "" : " Expected \(text("expected")), found \(text("found"))."
            return "\(text("code")): \(text("subject")). \(text("meaning"))\(numbers)"
        }
        let count = report["count"]?.integerValue ?? 0
        let all = "\(count) findings" + (Int(count) > lines.count ? ", the first of them:" : ":")
        return ([looked, all] + lines).joined(separator: "\n")
    }
}
