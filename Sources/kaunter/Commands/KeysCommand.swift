import ArgumentParser
import Foundation
import KaunterAPI
import KaunterServer
import KaunterWeb

/// `kaunter keys`
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Issue, take, list and revoke keys.",
        subcommands: [
            Issue.self, Upload.self, Notification.self, List.self, Revoke.self, Master.self,
            WebhookKeyCommand.self,
        ])

    /// `kaunter keys issue`
    struct Issue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key pair for a merchant: password.txt, private.pem, public.pem.",
            discussion: """
                Examples:
                  kaunter keys issue --account UUID --for payment --out ./keys
                  kaunter keys issue --account UUID --for payout --days 365 --out payout.zip

                The private key is shown this once; Kaunter keeps the public one. Keys made before \
                stay good until they end or are revoked.
                """)

        @OptionGroup var options: AccountOptions

        @Option(
            name: .customLong("for"),
            help: ArgumentHelp("What it signs.", valueName: "payment|payout"))
        var role: String

        @Option(help: ArgumentHelp("A new folder, or a file ending in .zip.", valueName: "path"))
        var out: String

        @Option(
            help: ArgumentHelp(
                "Days for which it is good; else until it is revoked.", valueName: "number"))
        var days: Int?

        @Option(help: ArgumentHelp("Why; a live store asks, for payouts.", valueName: "text"))
        var reason: String?

        func run() async throws {
            // The place is taken first: a key that can't be written down is lost.
            let place = try ArchivePlace(out)
            let account = JSONValue.string(options.account)
            var answer: JSONObject = [:]
            do {
                var parameters: JSONObject = ["account": account, "for": .string(role)]
                if let days { parameters.set("days", to: .integer(days)) }
                if let reason { parameters.set("reason", to: .string(reason)) }
                answer = try await options.store.perform(.issueKey, parameters)
                try place.write(
                    password: answer["password"]?.stringValue ?? "",
                    privatePEM: answer["private"]?.stringValue ?? "",
                    publicPEM: answer["public"]?.stringValue ?? "")
            } catch {
                place.remove()
                if let key = answer["key"] {
                    // Nobody has its private half: it must not stay good.
                    _ = try? await options.store.perform(
                        .revokeKey, ["account": account, "key": key])
                }
                throw error
            }
            options.store.show([
                "key": answer["key"] ?? .null, "fingerprint": answer["fingerprint"] ?? .null,
                "out": .string(out), "ends_at": answer["ends_at"] ?? .null,
                "in_force": answer["in_force"] ?? .null,
            ])
        }
    }

    /// `kaunter keys upload`
    struct Upload: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a public key that the merchant made itself.",
            discussion: """
                Example:
                  kaunter keys upload --account UUID --for payment --public shop.pem
                """)

        @OptionGroup var options: AccountOptions

        @Option(
            name: .customLong("for"),
            help: ArgumentHelp("What it signs.", valueName: "payment|payout"))
        var role: String

        @Option(
            name: .customLong("public"),
            help: ArgumentHelp(
                "The PEM file of an RSA key of 2048 bits or more.", valueName: "file"))
        var publicFile: String

        @Option(help: ArgumentHelp("Refuse SHA-1 under this key.", valueName: "sha256"))
        var digest: String?

        @Option(
            help: ArgumentHelp(
                "Days for which it is good; else until it is revoked.", valueName: "number"))
        var days: Int?

        @Option(help: ArgumentHelp("Why; a live store asks, for payouts.", valueName: "text"))
        var reason: String?

        func run() async throws {
            guard let data = FileManager.default.contents(atPath: publicFile),
                data.count <= KeyLimits.textBytes, let pem = String(data: data, encoding: .utf8)
            else {
                throw CommandFailure(refused: "The file \(publicFile) can't be read as a key.")
            }
            var parameters: JSONObject = [
                "account": .string(options.account), "for": .string(role), "public": .string(pem),
            ]
            if let digest { parameters.set("digest", to: .string(digest)) }
            if let days { parameters.set("days", to: .integer(days)) }
            if let reason { parameters.set("reason", to: .string(reason)) }
            options.store.show(try await options.store.perform(.uploadKey, parameters))
        }
    }

    /// `kaunter keys notification`
    struct Notification: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the public key with which an account verifies notifications.",
            discussion: """
                Example:
                  kaunter keys notification --account UUID --out notification.pem
                """)

        @OptionGroup var options: AccountOptions

        @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
        var out: String

        func run() async throws {
            let answer = try await options.store.perform(
                .notificationKey, ["account": .string(options.account)])
            let pem = Data((answer["public"]?.stringValue ?? "").utf8)
            do {
                try pem.write(to: URL(fileURLWithPath: out), options: .atomic)
            } catch {
                throw CommandFailure(cantCreate: "The file \(out) can't be written.")
            }
            options.store.show([
                "key": answer["key"] ?? .null, "fingerprint": answer["fingerprint"] ?? .null,
                "out": .string(out),
            ])
        }
    }

    /// `kaunter keys list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List an account's keys.",
            discussion: """
                Example:
                  kaunter keys list --account UUID
                """)

        @OptionGroup var options: AccountOptions

        func run() async throws {
            try await options.show(.listKeys)
        }
    }

    /// `kaunter keys revoke`
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a key: what it signs is refused from now on, or from a day on.",
            discussion: """
                Examples:
                  kaunter keys revoke --account UUID --key UUID
                  kaunter keys revoke --account UUID --key UUID --in-days 30

                The second leaves the merchant time to change its key. `kaunter doctor` names keys \
                that end soon.
                """)

        @OptionGroup var options: AccountOptions

        @Option(help: ArgumentHelp("The key, from `kaunter keys list`.", valueName: "uuid"))
        var key: String

        @Option(help: ArgumentHelp("Have it end after so many days.", valueName: "number"))
        var inDays: Int?

        func run() async throws {
            var parameters: JSONObject = [
                "account": .string(options.account), "key": .string(key),
            ]
            if let inDays { parameters.set("in_days", to: .integer(inDays)) }
            let answer = try await options.store.perform(.revokeKey, parameters)
            options.store.show(answer, inDays.map { "It ends in \($0) days." } ?? "Revoked.")
        }
    }

    /// `kaunter keys master`
    struct Master: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a master key, which seals the secrets of a live store.",
            discussion: """
                Example:
                  kaunter keys master --out /etc/kaunter/master.key

                Keep it outside the data folder, and a copy of it somewhere else: without it the \
                store's notification keys are lost. Nodes that share a database share the file.
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The file to make.", valueName: "file"))
        var out: String

        func run() async throws {
            guard !FileManager.default.fileExists(atPath: out) else {
                throw CommandFailure(cantCreate: "The file \(out) exists already.")
            }
            let id = try MasterKeyFile.make(at: out)
            store.show(["key": .string(id), "out": .string(out)])
        }
    }
}
