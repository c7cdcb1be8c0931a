import ArgumentParser
import Foundation
import KaunterAPI
import KaunterWeb

/// `kaunter operator`
struct OperatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operator", abstract: "Add, list and revoke those who may act on money.",
        subcommands: [Add.self, List.self, Revoke.self])

    /// `kaunter operator add`
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an operator, and show the credential this once.",
            discussion: """
                The first operator of a live store is added without a credential, the second one \
                with the first one's; for a further one two operators are needed.

                Example:
                  kaunter operator add --name siti --reason "night shift"
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("Letters, digits, -, _ and dots.", valueName: "name"))
        var name: String

        @OptionGroup var act: ActOptions

        func run() async throws {
            store.show(
                try await store.perform(
                    .addOperator, act.parameters(["name": .string(name)])))
        }
    }

    /// `kaunter operator list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List all operators.",
            discussion: """
                Example:
                  kaunter operator list
                """)

        @OptionGroup var store: StoreOptions

        func run() async throws {
            store.show(try await store.perform(.listOperators, [:]))
        }
    }

    /// `kaunter operator revoke`
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take an operator's credential out of force.",
            discussion: """
                Example:
                  kaunter operator revoke --name siti --reason "left us"
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The operator.", valueName: "name"))
        var name: String

        @OptionGroup var act: ActOptions

        func run() async throws {
            store.show(
                try await store.perform(
                    .revokeOperator, act.parameters(["name": .string(name)])))
        }
    }
}

/// `kaunter approvals`
struct ApprovalsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approvals", abstract: "See and decide what waits for a second operator.",
        subcommands: [List.self, Approve.self, Reject.self])

    /// `kaunter approvals list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List acts that wait for a second operator, oldest first.",
            discussion: """
                Example:
                  kaunter approvals list
                """)

        @OptionGroup var store: StoreOptions

        func run() async throws {
            store.show(try await store.perform(.listApprovals, [:]))
        }
    }

    /// `kaunter approvals approve`
    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have what another operator asked for done, and show its answer.",
            discussion: """
                Example:
                  kaunter approvals approve --approval 12
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The approval.", valueName: "id"))
        var approval: Int64

        func run() async throws {
            store.show(try await store.perform(.approve, ["approval": .integer(approval)]))
        }
    }

    /// `kaunter approvals reject`
    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Refuse what another operator asked for; a payout that waits is cancelled.",
            discussion: """
                Example:
                  kaunter approvals reject --approval 12 --reason "not agreed"
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The approval.", valueName: "id"))
        var approval: Int64

        @OptionGroup var act: ActOptions

        func run() async throws {
            store.show(
                try await store.perform(
                    .reject, act.parameters(["approval": .integer(approval)])))
        }
    }
}

/// `kaunter acts`
struct ActsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acts", abstract: "Show who did what, and why.",
        discussion: """
            Days are Malaysia's, and included.

            Example:
              kaunter acts --from 2026-11-01 --to 2026-11-30
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("The first day.", valueName: "YYYY-MM-DD"))
    var from: String

    @Option(help: ArgumentHelp("The last day.", valueName: "YYYY-MM-DD"))
    var to: String

    func run() async throws {
        store.show(
            try await store.perform(
                .listActs, ["from": .string(from), "to": .string(to)]))
    }
}
