import ArgumentParser
import Foundation
import KaunterAPI
import KaunterServer
import KaunterWeb

/// How a table is written.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case csv
    case json
}

/// `kaunter statement`
struct StatementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement", abstract: "Show what moved an account's money, line by line.",
        discussion: """
            What the account had before the first day, each transfer with its payment or payout, \
            and what it has at the end of the last. Days are Malaysia's, and included.

            Example:
              kaunter statement --account UUID --from 2026-11-01 --to 2026-11-30 --format csv
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("The account.", valueName: "uuid"))
    var account: String

    @Option(help: ArgumentHelp("The first day.", valueName: "YYYY-MM-DD"))
    var from: String

    @Option(help: ArgumentHelp("The last day.", valueName: "YYYY-MM-DD"))
    var to: String

    @Option(help: ArgumentHelp("How it is written.", valueName: "table|csv|json"))
    var format = TableFormat.table

    private static let columns = [
        "available", "hold", "rolling_reserve", "payouts_reserved", "receivable",
    ]

    func run() async throws {
        let answer = try await store.perform(
            .statement,
            ["account": .string(account), "from": .string(from), "to": .string(to)])
        if store.json || format == .json {
            Terminal.output(JSONValue.object(answer).text)
            return
        }
        var rows = [["at", "reason", "id", "order_id"] + Self.columns]
        rows.append(["", "opening", "", ""] + Self.amounts(answer["opening"]))
        for line in answer["lines"]?.arrayValue ?? [] {
            let fields = line.objectValue ?? [:]
            rows.append(
                [
                    fields["at"]?.stringValue ?? "", fields["reason"]?.stringValue ?? "",
                    fields["id"]?.numberText ?? "", fields["order_id"]?.stringValue ?? "",
                ] + Self.amounts(fields["changes"]))
        }
        rows.append(["", "closing", "", ""] + Self.amounts(answer["closing"]))
        Terminal.output(Columns.text(of: rows, format, textColumns: 4))
    }

    private static func amounts(_ value: JSONValue?) -> [String] {
        columns.map { value?.objectValue?[$0]?.stringValue ?? "" }
    }
}

/// `kaunter trial-balance`
struct TrialBalanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial-balance",
        abstract: "Show the sums of all accounts at the end of a day.",
        discussion: """
            Merchants' accounts are added up by kind. Debits and credits are equal.

            Example:
              kaunter trial-balance --at 2026-11-30
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("The day, in Malaysia.", valueName: "YYYY-MM-DD"))
    var at: String

    @Option(help: ArgumentHelp("How it is written.", valueName: "table|csv|json"))
    var format = TableFormat.table

    func run() async throws {
        let answer = try await store.perform(.trialBalance, ["at": .string(at)])
        if store.json || format == .json {
            Terminal.output(JSONValue.object(answer).text)
            return
        }
        var rows = [["owner", "account", "debit", "credit"]]
        for row in answer["rows"]?.arrayValue ?? [] {
            rows.append(rows[0].map { row.objectValue?[$0]?.stringValue ?? "" })
        }
        rows.append(
            ["", "total"]
                + ["debits", "credits"].map { answer[$0]?.stringValue ?? "" })
        Terminal.output(Columns.text(of: rows, format, textColumns: 2))
    }
}

/// Rows under each other, for eyes or for a spreadsheet.
enum Columns {
    /// - Parameter textColumns: so many columns from the left are text; the others are amounts, and
    ///   stand to the right.
    static func text(of rows: [[String]], _ format: TableFormat, textColumns: Int) -> String {
        if format == .csv { return rows.map(csv).joined(separator: "\n") }
        let count = rows.first?.count ?? 0
        let widths = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var cells: [String] = []
            for (column, cell) in row.enumerated() {
                let space = String(repeating: " ", count: widths[column] - cell.count)
                cells.append(column < textColumns ? cell + space : space + cell)
            }
            return cells.joined(separator: "  ").trimmingTrailingSpaces
        }.joined(separator: "\n")
    }

    /// RFC 4180; what a spreadsheet would take for a formula is made text.
    private static func csv(_ row: [String]) -> String {
        row.map { cell in
            let isAmount = Double(cell) != nil
            let isFormula = !isAmount && ["=", "+", "-", "@"].contains { cell.hasPrefix($0) }
            let text = isFormula ? "'" + cell : cell
            let needsQuotes = text.contains { ",\"\n\r".contains($0) }
            return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
        }.joined(separator: ",")
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var text = self
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }
}
