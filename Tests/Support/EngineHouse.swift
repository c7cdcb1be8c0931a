import Foundation
package import KaunterAPI
package import KaunterCore
package import KaunterEngine
package import KaunterRails
package import KaunterStorage
import Logging

/// An engine on a migrated store, with a merchant's account, a scripted rail and a manual clock.
package struct EngineHouse: Sendable {
    package let store: TestStore
    package let engine: Engine
    package let rail: ScriptedRail

    package var storage: Storage { store.storage }
    package var clock: ManualClock { store.clock }
    package var account: MerchantAccount { store.account }

    /// Where every engine of a test says that it lives.
    package static let publicURL = "https://pay.example"

    /// The pair with which every test account signs notifications: making one takes long.
    package static let notificationKey: Result<SigningKey, KeyFault> = Result {
        () throws(KeyFault) in
        try SigningKey.generate()
    }

    /// Builds a house on a database of this kind, and removes it when `body` is over.
    package static func use(
        _ kind: TestDatabase, mode: Installation.Mode = .sandbox,
        rail: ScriptedRail = ScriptedRail(), _ body: (EngineHouse) async throws -> Void
    ) async throws {
        try await TestStore.use(kind) { store in
            let master = try MasterKey.generate { store.surroundings.randomBytes($0) }
            let house = EngineHouse(store: store, rail: rail, master: master, mode: mode)
            try await house.addNotificationKey(of: store.account.id, sealedUnder: master)
            try await body(house)
        }
    }

    private let master: MasterKey
    private let mode: Installation.Mode

    private init(
        store: TestStore, rail: ScriptedRail, master: MasterKey, mode: Installation.Mode
    ) {
        self.store = store
        self.rail = rail
        self.master = master
        self.mode = mode
        self.engine = Self.engine(
            on: store.storage, rails: [rail], master: master, mode: mode,
            surroundings: store.surroundings)
    }

    /// The same house after a restart: an engine that remembers nothing but what is stored.
    package func restarted() -> EngineHouse {
        EngineHouse(store: store, rail: rail, master: master, mode: mode)
    }

    /// An engine on this house's store with other rails, and other surroundings if need be.
    package func engine(rails: [any Rail], surroundings: Surroundings? = nil) -> Engine {
        Self.engine(
            on: storage, rails: rails, master: master, mode: mode,
            surroundings: surroundings ?? store.surroundings)
    }

    /// An engine in which payouts above this sum wait for an operator.
    package func engine(approvalAbove: Money) -> Engine {
        Self.engine(
            on: storage, rails: [rail], master: master, mode: mode,
            surroundings: store.surroundings, approvalAbove: approvalAbove)
    }

    private static func engine(
        on storage: Storage, rails: [any Rail], master: MasterKey, mode: Installation.Mode,
        surroundings: Surroundings, approvalAbove: Money? = nil
    ) -> Engine {
        Engine(
            storage: storage, rails: RailRegistry(rails),
            payoutRails: PayoutRailRegistry([SimulatedPayoutRail()]),
            keys: KeyRing(master: master),
            installation: EngineSettings(
                mode: mode, publicURL: publicURL, approvalAbove: approvalAbove),
            surroundings: surroundings,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Gives an account the test pair, as `createAccount` gives it one of its own.
    private func addNotificationKey(
        of account: MerchantAccount.ID, sealedUnder master: MasterKey
    ) async throws {
        let pair = try Self.notificationKey.get()
        let id = AccountKey.ID(rawValue: UUID(lastByte: 9))
        let sealed = try master.seal(
            Array(pair.privatePEM.utf8),
            context: "notification-key:\(id.rawValue.uuidString.lowercased())")
        let key = AccountKey(
            id: id, account: account, role: .notification, origin: .issued,
            fingerprint: pair.verifyingKey.fingerprint, publicPEM: pair.verifyingKey.publicPEM,
            sha256Only: false, createdAt: clock.now)
        try await storage.write { try $0.insert(key, sealedPrivate: sealed) }
    }
}
