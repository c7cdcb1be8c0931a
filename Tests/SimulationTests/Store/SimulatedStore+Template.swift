import Foundation
import KaunterAPI
import KaunterCore
import KaunterDatabase
import KaunterEngine
import TestSupport

@testable import KaunterStorage

extension SimulatedStore {
    /// What the accounts' notifications are signed with, and sealed under.
    struct Secrets: Sendable {
        let key: MasterKey
        let pairs: [SigningKey]
        /// A pair that belongs to nobody, for the fault of signing with a wrong one.
        let wrong: SigningKey
    }

    /// Made once, since making a key pair takes long.
    static let secrets: Result<Secrets, any Error> = Result {
        Secrets(
            key: try MasterKey.generate { [UInt8](repeating: 7, count: $0) },
            pairs: try (0..<2).map { _ in try SigningKey.generate() },
            wrong: try SigningKey.generate())
    }

    /// The accounts of every simulated house: one that keeps part of a sum apart, and one that
    /// takes it.
    static let accounts = [UInt8(0x21), 0x22].map {
        MerchantAccount.ID(rawValue: UUID(lastByte: $0))
    }

    /// A migrated store with a merchant, its accounts and their keys and endpoints, and witnesses;
    /// each seed gets a copy.
    static let template: Result<SimulatedStore, any Error> = Result {
        let store = try SimulatedStore()
        let now = ManualClock.start
        for name in try FileManager.default.contentsOfDirectory(atPath: schemaFolder.path).sorted()
        where name.hasSuffix(".sql") && !name.contains(".postgresql.") {
            let text = try String(
                contentsOf: schemaFolder.appending(path: name), encoding: .utf8)
            try store.act { _ = try $0.run(.script(text)) }
        }
        try store.act { try furnish(Writing($0), at: now) }
        try store.run(Witnesses.script)
        try store.run(Witnesses.money)
        for (day, due) in SettlementDays.latestDue {
            try store.run("INSERT INTO due_days VALUES (\(day), \(due))")
        }
        return store
    }

    /// The schema as it stands in the sources: the migrator's own way needs a task.
    private static let schemaFolder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/KaunterStorage/Schema")

    private static func furnish(_ writing: Writing, at now: Moment) throws {
        let secrets = try secrets.get()
        try writing.insert(Merchant(id: TestStore.merchantID, name: "Kedai Kopi", createdAt: now))
        for (index, id) in accounts.enumerated() {
            var account = TestStore.account(id, at: now)
            account.settings.partialMoney = index == 0 ? .refuse : .accept
            account.settings.digest = index == 0 ? .sha1 : .sha256
            try writing.insert(account)
            let pair = secrets.pairs[index]
            let key = AccountKey(
                id: AccountKey.ID(rawValue: UUID(lastByte: UInt8(0x41 + index))), account: id,
                role: .notification, origin: .issued,
                fingerprint: pair.verifyingKey.fingerprint, publicPEM: pair.verifyingKey.publicPEM,
                sha256Only: false, createdAt: now)
            try writing.insert(
                key, sealedPrivate: try seal(pair, as: key.id, under: secrets.key))
            for method in [NotificationMethod.get, .postForm, .postJSON] {
                _ = try writing.insertEndpoint(
                    url: "https://r\(index).example/endpoint", method: method,
                    digest: method == .postJSON ? .sha256 : nil, of: id, at: now)
            }
        }
    }

    /// The sealed form of a notification key.
    static func seal(
        _ pair: SigningKey, as id: AccountKey.ID, under master: MasterKey
    ) throws -> String {
        try master.seal(
            Array(pair.privatePEM.utf8),
            context: "notification-key:\(id.rawValue.uuidString.lowercased())")
    }
}
