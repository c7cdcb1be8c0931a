import Foundation
import KaunterAPI
package import KaunterCore
import KaunterEngine
import KaunterStorage
import KaunterWeb

/// `kaunter doctor`: what this machine can see by itself, and what the store says when it is
/// examined, by the running server or here.
package struct Doctor: Sendable {
    private let configuration: Configuration
    private let surroundings: Surroundings

    /// How many times its size the database's disk must have free: a backup needs as much.
    private static let roomFactor: UInt64 = 2

    package init(_ configuration: Configuration, surroundings: Surroundings = .real) {
        self.configuration = configuration
        self.surroundings = surroundings
    }

    /// What is told of a configuration that can't be read: then nothing else can be looked at.
    package static func findings(of fault: ConfigurationFault) -> [Finding] {
        fault.faults.map {
            Finding(
                "configuration", .fail, $0,
                advice: "`kaunter config example` has every key with its meaning.")
        }
    }

    /// Everything that was found, in a fixed order.
    package func examine() async -> [Finding] {
        let folder = StoreFolder(configuration.database.folder)
        var findings = [Finding("configuration", .ok, "It can be read.")]
        findings += dataFolder(folder) + masterKey(folder) + room(folder)
        let (mode, store) = await examineStore(folder)
        if mode == .live { findings += live() }
        return findings + store
    }

    // MARK: This machine

    private func dataFolder(_ folder: StoreFolder) -> [Finding] {
        guard
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder.path),
            let mode = attributes[.posixPermissions] as? Int
        else { return [] }
        return mode & 0o077 == 0
            ? [Finding("folder", .ok, "\(folder.path) is its owner's alone.")]
            : [
                Finding(
                    "folder", .warn, "\(folder.path) is open to others.",
                    advice: "chmod 700 \(folder.path)")
            ]
    }

    private func masterKey(_ folder: StoreFolder) -> [Finding] {
        let file = configuration.keys.masterKeyFile ?? folder.masterKeyFile
        do throws(MasterKeyFault) {
            let key = try MasterKey(reading: file)
            return [Finding("master-key", .ok, "\(file) holds the key with the id \(key.id).")]
        } catch {
            return [
                Finding(
                    "master-key", .fail, error.description,
                    advice: "Name the store's key with --master-key. Without it every "
                        + "notification key in the store is lost: look for the second copy.")
            ]
        }
    }

    /// The disk's room, where the database lies on this machine.
    private func room(_ folder: StoreFolder) -> [Finding] {
        let files = FileManager.default
        guard configuration.database.url == nil,
            let disk = try? files.attributesOfFileSystem(forPath: folder.path),
            let file = try? files.attributesOfItem(atPath: folder.databaseFile),
            let free = (disk[.systemFreeSize] as? NSNumber)?.uint64Value,
            let size = (file[.size] as? NSNumber)?.uint64Value
        else { return [] }
        let megabytes = free / 1_048_576
        return free / Self.roomFactor >= size
            ? [Finding("disk", .ok, "\(megabytes) MB are free.")]
            : [
                Finding(
                    "disk", .warn, "\(megabytes) MB are free, less than twice the database.",
                    advice: "Make room: a backup can't be made, and a full disk stops payments.")
            ]
    }

    /// What only live money needs.
    private func live() -> [Finding] {
        var findings = configuration.money.warnings(at: surroundings).map {
            Finding(
                "configuration", .warn, $0,
                advice: "Enter the days that were proclaimed: holds end on business days.")
        }
        if !configuration.publicURL.hasPrefix("https://") {
            findings.append(
                Finding(
                    "configuration", .warn, "Payers' pages are reached by plain HTTP.",
                    advice: "Set --public-url to the https address of the proxy that ends TLS."))
        }
        return findings
    }

    // MARK: The store

    private func examineStore(
        _ folder: StoreFolder
    ) async -> (mode: Installation.Mode?, findings: [Finding]) {
        do {
            let line = ControlLine(configuration, surroundings: surroundings)
            if configuration.database.url == nil, !folder.hasDatabase { throw OpenStore.missing }
            if configuration.database.url == nil,
                let reply = try await line.askServer(.examine, [:])
            {
                let server = Finding("server", .ok, "It answers on its control socket.")
                let (mode, findings) = try Self.read(reply)
                return (mode, [server] + findings)
            }
            let (mode, findings) = try Self.read(try await line.perform(.examine, [:]))
            if configuration.database.url != nil { return (mode, findings) }
            let server = Finding(
                "server", .warn, "None runs on this data folder.",
                advice: "`kaunter serve`, or the service's own command.")
            return (mode, [server] + findings)
        } catch {
            return (nil, [Self.failure(error)])
        }
    }

    private static func read(
        _ reply: ControlReply
    ) throws -> (mode: Installation.Mode?, findings: [Finding]) {
        let mode = reply.body.objectValue?["mode"]?.stringValue.flatMap(
            Installation.Mode.init(rawValue:))
        let checks = reply.body.objectValue?["checks"]?.arrayValue?.compactMap(Finding.init(json:))
        guard reply.status == 200, let checks else {
            let words = (try? ErrorReply(json: reply.body))?.message ?? "It gave no answer."
            throw ServerFault(.unavailable, words)
        }
        return (mode, checks)
    }

    private static func failure(_ error: any Error) -> Finding {
        let words =
            (error as? ServerFault)?.message ?? FaultWords.describe(error)?.text
            ?? "It can't be opened: \(type(of: error))."
        return Finding(
            "database", .fail, words,
            advice: "Look whether the database runs, and whether --data, the URL and --master-key "
                + "are this store's.")
    }
}
