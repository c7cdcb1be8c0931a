import ArgumentParser
import KaunterAPI
import KaunterServer

/// `kaunter backup`
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the whole store into one file, while it is served or not.",
        discussion: """
            Examples:
              kaunter backup --to /backup/kaunter-monday.backup
              kaunter backup --to /backup/kaunter-monday.backup --database-url postgresql://db/kaunter

            The copy is read back and proved whole before the file gets its name; a file that is \
            there is never replaced. It holds payers' data, and not the master key: keep that \
            apart. PostgreSQL is copied by pg_dump, which must be installed.
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("The file to make.", valueName: "file"))
    var to: String

    func run() async throws {
        let answer = try await Backup(try store.configuration()).make(to: to)
        store.show(
            answer,
            Table.text(of: answer)
                + "\nThe master key is not in it: keep a copy of master.key apart.")
    }
}

/// `kaunter restore`
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract:
            "Make a store of a backup where there is none, and say what it may have forgotten.",
        discussion: """
            Examples:
              kaunter restore --from /backup/kaunter-monday.backup --data ./kaunter-data
              kaunter restore --from FILE --sha256 HEX --database-url postgresql://db/empty

            Nothing is ever overwritten: the folder must hold no store, the database nothing. All \
            ids jump ahead, so that none given out after the backup comes again. Stop every node \
            of the old store first.
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("The backup.", valueName: "file"))
    var from: String

    @Option(
        name: .customLong("sha256"),
        help: ArgumentHelp("Refuse a file with another SHA-256.", valueName: "hex"))
    var sha256: String?

    @Option(
        help: ArgumentHelp(
            "Jump at least so far; the store's own pace may ask for more.", valueName: "n"))
    var idsAhead: Int64 = 0

    func run() async throws {
        let report = try await Restore(try store.configuration()).restore(
            from: from, sha256: sha256, idsAheadAtLeast: idsAhead)
        store.show(report.json, report.text)
    }
}
