import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterRails
import KaunterStorage
import Logging
import NIOCore
import TestSupport

@testable import KaunterWeb

/// The whole site on a store of its own, asked through its router: a merchant with keys, a
/// neighbour with keys, and the simulated rail.
struct WebHouse: Sendable {
    let house: EngineHouse
    let engine: Engine
    let keys: TestKeys
    let client: any TestClientProtocol

    var clock: ManualClock { house.clock }
    var account: String { house.account.id.rawValue.text }

    /// The account beside the test account: of the same merchant, with a key of its own.
    static let neighbourID = MerchantAccount.ID(rawValue: UUID(lastByte: 3))
    var neighbour: String { Self.neighbourID.rawValue.text }

    /// What a test wants to be different.
    struct Plan: Sendable {
        var mode = Installation.Mode.sandbox
        var rails: [any Rail] = [SimulatorRail(pagesURL: EngineHouse.publicURL + "/simulator")]
        var limits: RateLimits?
        var requestsAtOnce = 512
        var readiness = Readiness()
        var showsMetrics = true
        /// One that keeps metadata: a request's id lives there.
        var logger = Logger(label: "test") { _ in CapturedLog() }
    }

    /// Builds a house by this plan, and removes it when `body` is over.
    static func use(
        _ plan: Plan = Plan(), _ body: @Sendable (WebHouse) async throws -> Void
    ) async throws {
        let keys = try TestKeys.shared.get()
        let renderer = try await PageRenderer()
        guard let kind = TestDatabase.all.first else { throw Missing(what: "SQLite") }
        try await EngineHouse.use(kind, mode: plan.mode) { house in
            let engine = house.engine(
                rails: plan.rails, surroundings: waiting(house.store.surroundings))
            try await addKeys(keys, house: house, engine: engine)
            let site = Site(
                engine: engine, renderer: renderer,
                limits: SiteLimits(rates: plan.limits, requestsAtOnce: plan.requestsAtOnce),
                readiness: plan.readiness,
                exposition: { "# the metrics\n" }, showsMetrics: plan.showsMetrics)
            let application = Application(router: site.router(), logger: plan.logger)
            try await application.test(.router) { client in
                try await body(
                    WebHouse(house: house, engine: engine, keys: keys, client: client))
            }
        }
    }

    /// The same surroundings, but sleeping takes its time: a body that is slow on a busy machine is
    /// not cut off at once.
    private static func waiting(_ fixed: Surroundings) -> Surroundings {
        Surroundings(
            now: fixed.now, uuid: fixed.uuid, randomBytes: fixed.randomBytes,
            sleep: Surroundings.real.sleep)
    }

    private static func addKeys(
        _ keys: TestKeys, house: EngineHouse, engine: Engine
    ) async throws {
        let neighbour = TestStore.account(neighbourID, at: house.clock.now)
        try await house.storage.write { try $0.insert(neighbour) }
        let account = house.account.id
        for (key, role, owner) in [
            (keys.payment, AccountKey.Role.payment, account),
            (keys.payout, .payout, account), (keys.neighbour, .payment, neighbourID),
        ] {
            _ = try await engine.uploadKey(
                publicPEM: key.verifyingKey.publicPEM, for: role, of: owner, sha256Only: false)
        }
    }

    /// How many rows each table has.
    func rowCounts() async throws -> [String: Int64] {
        try await house.store.rowCounts()
    }
}

/// What a test needs and did not find.
struct Missing: Error {
    let what: String
}
