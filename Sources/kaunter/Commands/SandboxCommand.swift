import ArgumentParser
import KaunterAPI
import KaunterServer
import KaunterWeb

/// `kaunter sandbox`
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "Empty a sandbox, or keep and bring back a copy of it.",
        subcommands: [Reset.self, Snapshot.self, Restore.self])

    /// `kaunter sandbox reset`
    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Empty a sandbox of everything that happened in it.",
            discussion: """
                Payments, payouts, books and notifications go; merchants, accounts, keys, terms, \
                endpoints, redirects, operators and the clock stay, and ids go on from where they \
                were. It works while the server runs. A live store refuses.

                Example:
                  kaunter sandbox reset --yes
                """)

        @OptionGroup var store: StoreOptions

        @Flag(help: "Yes, everything that happened is to go.")
        var yes = false

        func run() async throws {
            guard yes else {
                throw CommandFailure(
                    refused: "Everything that happened in the sandbox would be gone: say --yes.")
            }
            store.show(try await store.perform(.resetSandbox, [:]), "The sandbox is empty.")
        }
    }

    /// `kaunter sandbox snapshot`
    struct Snapshot: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep a copy of a sandbox under a name.",
            discussion: """
                A backup in the data folder's `snapshots`; while the server runs or not. A live \
                store refuses.

                Example:
                  kaunter sandbox snapshot before-refunds
                """)

        @OptionGroup var store: StoreOptions

        @Argument(help: ArgumentHelp("The copy's name.", valueName: "name"))
        var name: String

        func run() async throws {
            store.show(try await SandboxSnapshots(try store.configuration()).make(name))
        }
    }

    /// `kaunter sandbox restore`
    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring a sandbox back to what it was when a copy was made.",
            discussion: """
                What happened since is gone, and the clock is what it was then. No server may run. \
                A live store refuses.

                Example:
                  kaunter sandbox restore before-refunds --yes
                """)

        @OptionGroup var store: StoreOptions

        @Argument(help: ArgumentHelp("The copy's name.", valueName: "name"))
        var name: String

        @Flag(help: "Yes, what happened since is to go.")
        var yes = false

        func run() async throws {
            guard yes else {
                throw CommandFailure(
                    refused: "What happened in the sandbox since would be gone: say --yes.")
            }
            let report = try await SandboxSnapshots(try store.configuration()).restore(name)
            store.show(report.json, report.text)
        }
    }
}
