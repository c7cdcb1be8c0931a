import ArgumentParser
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterServer
import KaunterStorage

/// `LedgerBench transfers`
struct TransfersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfers",
        abstract: "Post durable transfers, over many accounts and all on one.",
        discussion: """
            A transfer is an operator's correction of one sen: the act is written down, the \
            account's available row locked, its balances read, and the transfer, its two entries, \
            the new balance and the places in the seal's queue stored in one commit. Spread and \
            one account take turns, in the order A B B A, and the books are audited at the end.
            """)

    @OptionGroup var place: StorePlace

    @Option(help: "Accounts over which they are spread.")
    var accounts = 1_000

    @Option(help: "Callers at once.")
    var callers = 64

    @Option(help: "Seconds of a run.")
    var seconds = 4

    @Option(help: "Runs of each kind.")
    var runs = 2

    /// Coprime to any round number of accounts: neighbours in time are no neighbours in the table.
    private static let stride = 7_919
    private static let warmUpSeconds = 1

    func validate() throws {
        guard min(accounts, callers, seconds, runs) > 0 else {
            throw ValidationError("Accounts, callers, seconds and runs must be above 0.")
        }
    }

    func run() async throws {
        try await place.use { engine, storage in
            let ids = try await makeAccounts(engine, storage)
            let one = Array(ids.prefix(1))
            var spreadRuns: [Work] = []
            var oneRuns: [Work] = []
            var acts = try await post(ids, engine, for: Self.warmUpSeconds).acts
            for number in 0..<runs {
                if number.isMultiple(of: 2) {
                    spreadRuns.append(try await post(ids, engine, for: seconds))
                    oneRuns.append(try await post(one, engine, for: seconds))
                } else {
                    oneRuns.append(try await post(one, engine, for: seconds))
                    spreadRuns.append(try await post(ids, engine, for: seconds))
                }
            }
            acts += (spreadRuns + oneRuns).reduce(0) { $0 + $1.acts }
            try await engine.sealAll()
            let report = try await engine.audit()
            // What corrections gave is backed by no money: the audit finds that, and nothing else.
            let found = report.findings.filter { $0.code != .shortfall }
            guard found.isEmpty, report.checked.transfers == acts else {
                throw BenchFault(
                    "\(acts) transfers were answered, \(report.checked.transfers) are there, and "
                        + "the audit found: \(found)")
            }
            Terminal.output(
                JSONValue.object([
                    "spread": Self.told(spreadRuns), "one": Self.told(oneRuns),
                ]).text)
        }
    }

    /// Accounts without keys: making those would take longer than all the rest.
    private func makeAccounts(
        _ engine: Engine, _ storage: Storage
    ) async throws -> [MerchantAccount.ID] {
        let now = engine.now
        let merchant = Merchant(
            id: Merchant.ID(rawValue: engine.surroundings.uuid()), name: "Kedai Kopi",
            createdAt: now)
        let made = (0..<accounts).map { _ in
            MerchantAccount(
                id: MerchantAccount.ID(rawValue: engine.surroundings.uuid()),
                merchant: merchant.id, merchantName: merchant.name, currency: .myr,
                settings: MerchantAccount.Settings(), createdAt: now)
        }
        try await storage.write { writing in
            try writing.insert(merchant)
            for account in made { try writing.insert(account) }
        }
        return made.map(\.id)
    }

    private func post(
        _ ids: [MerchantAccount.ID], _ engine: Engine, for seconds: Int
    ) async throws -> Work {
        let act = ActRecord(
            operatorName: "bench", act: "adjust", subject: "-", detail: "{}", reason: "bench")
        return try await Callers(count: callers).work(for: .seconds(seconds)) { number in
            let id = ids[number &* Self.stride % ids.count]
            try await engine.adjust(id, sen: 1, act: act)
        }
    }

    private static func told(_ runs: [Work]) -> JSONValue {
        .array(
            runs.map {
                ["transfers": .integer(Int64($0.acts)), "microseconds": .integer($0.microseconds)]
            })
    }
}
