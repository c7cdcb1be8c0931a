package import Foundation
package import KaunterCore
package import KaunterRails
package import KaunterStorage
package import Logging

/// Where things happen. Three visitors do the same acts here: a merchant's request, a rail's
/// message, a worker's timer.
///
/// The acts, one file each in `Operations/`:
/// - payments: `createPayment` · `beginAttempt` · `recordOutcome` · `leavePayment` ·
///   `expirePayment` · `simulateOutcome` (sandbox)
/// - payouts: `createPayout` · `recordPayoutAnswer` · `cancelPayout` · `simulatePayout` (sandbox)
/// - money: `releaseHold` · `settle` · `refund` · `reversePayment` · `adjust` · `freeze` ·
///   `unfreeze` · `assignSuspense` · `returnSuspense`
/// - sandbox: `advanceClock` · `play` · `endPayout` · `resetSandbox`
/// - merchants: `createMerchant` · `createAccount` · `setAccount` · `addEndpoint` · `addRedirect`
/// - notifications: `sendNotification`, by hand
/// - keys: `issueKey` · `uploadKey` · `revokeKey` · `notificationKey` · `authenticate` ·
///   `redirect` · `webhookKey` · `rotateWebhookKey`
package struct Engine: Sendable {
    let storage: Storage
    /// For those who only look.
    package let reader: Reader
    let rails: RailRegistry
    let payoutRails: PayoutRailRegistry
    let keys: KeyRing
    let callers = CallerCache()
    /// What this installation is.
    package let installation: EngineSettings
    /// The time, chance and identifiers of this house.
    package let surroundings: Surroundings
    /// The sandbox's clock, which can be advanced; nil in a live house.
    let clock: SandboxClock?
    let logger: Logger
    /// Rung after each commit that put something into the outbox.
    package let outboxBell: Bell
    /// Rung after each commit that made a payout due.
    package let payoutBell: Bell

    package init(
        storage: Storage, rails: RailRegistry,
        payoutRails: PayoutRailRegistry = PayoutRailRegistry([]), keys: KeyRing,
        installation: EngineSettings, surroundings: Surroundings, clock: SandboxClock? = nil,
        logger: Logger
    ) {
        self.storage = storage
        self.reader = storage.reader
        self.rails = rails
        self.payoutRails = payoutRails
        self.keys = keys
        self.installation = installation
        self.surroundings = surroundings
        self.clock = clock
        self.logger = logger
        self.outboxBell = Bell()
        self.payoutBell = Bell()
    }

    /// The moment it is now.
    package var now: Moment { surroundings.now() }

    /// Waits so many seconds by the house's own clock.
    package func pause(seconds: Double) async throws {
        try await surroundings.sleep(seconds)
    }

    /// Frees deliveries that a process which is gone had claimed. Only for a store that one process
    /// alone writes.
    package func takeOverDeliveries() async throws {
        let now = now
        try await storage.write { try $0.freeDeliveryLeases(at: now) }
    }
}

/// What an installation is, as far as its acts must know.
package struct EngineSettings: Sendable {
    package let mode: Installation.Mode
    /// `http(s)://host[:port]`, without a slash at the end.
    package let publicURL: String
    /// The days on which banks settle.
    package let calendar: BusinessCalendar
    /// The service tax that is included in our fees.
    package let serviceTax: Percentage
    /// In a live store, payouts of more than that wait for an operator; nil: none does.
    package let approvalAbove: Money?
    /// Banks beyond the mandated table that merchants may pay out to, by their codes.
    package let furtherBanks: Set<String>
    /// When notifications are sent again.
    package let schedule: RetrySchedule
    /// Days for which it is kept what was sent and answered.
    package let triesKeptDays: Int64

    package init(
        mode: Installation.Mode, publicURL: String,
        calendar: BusinessCalendar = BusinessCalendar(holidays: []),
        serviceTax: Percentage = .zero, approvalAbove: Money? = nil,
        furtherBanks: Set<String> = [], schedule: RetrySchedule = .standard,
        triesKeptDays: Int64 = 30
    ) {
        self.mode = mode
        self.publicURL = publicURL
        self.calendar = calendar
        self.serviceTax = serviceTax
        self.approvalAbove = approvalAbove
        self.furtherBanks = furtherBanks
        self.schedule = schedule
        self.triesKeptDays = triesKeptDays
    }

    /// Whether plain `http` and private addresses will do for what we send.
    package var isSandbox: Bool { mode == .sandbox }

    /// The address of a payment's page.
    package func pageURL(of payment: UUID) -> String {
        "\(publicURL)/\(payment.text)"
    }
}
