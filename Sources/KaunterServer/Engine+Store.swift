import KaunterCore
package import KaunterEngine
import KaunterRails
import KaunterStorage
import KaunterWeb
package import Logging

extension Engine {
    /// The engine of an open store: the only place that knows the rails. A live house has no
    /// simulated ones.
    package init(_ store: OpenStore, _ configuration: Configuration, logger: Logger) {
        let isSandbox = store.installation.mode == .sandbox
        let publicURL = configuration.publicURL
        self.init(
            storage: store.storage,
            rails: RailRegistry(
                isSandbox ? [SimulatorRail(pagesURL: publicURL + Site.simulatorPath)] : []),
            payoutRails: PayoutRailRegistry(isSandbox ? [SimulatedPayoutRail()] : []),
            keys: KeyRing(master: store.masterKey),
            installation: EngineSettings(
                mode: store.installation.mode, publicURL: publicURL,
                calendar: BusinessCalendar(holidays: configuration.money.holidays),
                serviceTax: configuration.money.serviceTax,
                approvalAbove: configuration.money.approvalAbove,
                furtherBanks: configuration.money.furtherBanks,
                schedule: configuration.notifications.schedule,
                triesKeptDays: Int64(configuration.notifications.triesKeptDays)),
            surroundings: store.surroundings, clock: store.clock, logger: logger)
    }
}
