import ArgumentParser

/// The books without HTTP around them, for `make bench`: through the house's own engine, storage
/// and databases, on a store that `kaunter migrate --sandbox` has made.
@main
struct LedgerBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "LedgerBench",
        abstract: "Measure transfers in process, and fill a store with paid payments.",
        subcommands: [TransfersCommand.self, FillCommand.self])
}
