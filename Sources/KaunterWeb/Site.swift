package import Hummingbird
import KaunterAPI
import KaunterCore
package import KaunterEngine

/// Every route of the house on one page. A live house has no sandbox in its router at all.
package struct Site: Sendable {
    /// Where the simulated banks' pages live, in a sandbox.
    package static let simulatorPath = "/simulator"

    private let engine: Engine
    private let renderer: PageRenderer
    private let limits: SiteLimits
    private let readiness: Readiness
    private let exposition: @Sendable () -> String
    private let showsMetrics: Bool

    /// - Parameters:
    ///   - limits: what is let through.
    ///   - readiness: whether the node wants to be asked.
    ///   - exposition: the text of `/metrics`.
    ///   - showsMetrics: whether `/metrics` is on this address, or on one of its own.
    package init(
        engine: Engine, renderer: PageRenderer, limits: SiteLimits, readiness: Readiness,
        exposition: @escaping @Sendable () -> String, showsMetrics: Bool
    ) {
        self.engine = engine
        self.renderer = renderer
        self.limits = limits
        self.readiness = readiness
        self.exposition = exposition
        self.showsMetrics = showsMetrics
    }

    /// The routes for merchants, payers and probes.
    package func router() -> Router<SiteContext> {
        let router = Router(context: SiteContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestLog(surroundings: engine.surroundings))
        router.add(middleware: UnknownPaths(renderer: renderer))

        let admission = Admission(limit: limits.requestsAtOnce)
        let api = router.group().add(middleware: MerchantErrors()).add(middleware: admission)
        let signed = SignedCalls(
            engine: engine, limiter: limits.rates.map { RateLimiter($0, engine: engine) })
        let payments = PaymentController(engine: engine, calls: signed)
        api.post(RouterPath(Path.payment), use: payments.create)
        api.post(RouterPath(Path.paymentStatus), use: payments.status)
        api.post(RouterPath(Path.paymentHistory), use: payments.history)
        let payouts = PayoutController(engine: engine, calls: signed)
        api.post(RouterPath(Path.payout), use: payouts.create)
        api.post(RouterPath(Path.payoutStatus), use: payouts.status)
        api.post(RouterPath(Path.payoutHistory), use: payouts.history)
        let account = AccountController(engine: engine, calls: signed)
        api.post(RouterPath(Path.accountBalance), use: account.balance)
        api.post(RouterPath(Path.accountInfo), use: account.info)

        let pages = router.group().add(middleware: PageErrors(renderer: renderer))
            .add(middleware: admission)
        let checkout = CheckoutController(engine: engine, renderer: renderer)
        pages.get("/:payment", use: checkout.show)
        pages.post("/:payment/attempts", use: checkout.beginAttempt)
        pages.post("/:payment/leave", use: checkout.leave)
        pages.get("/assets/:name", use: renderer.assets.serve)

        if engine.installation.isSandbox {
            let bank = SimulatedBankController(engine: engine, renderer: renderer)
            pages.get("/simulator/:reference", use: bank.show)
            pages.post("/simulator/:reference", use: bank.decide)
            let sandbox = SandboxController(engine: engine)
            api.post("/sandbox/v1/payments/:payment", use: sandbox.decide)
            api.post("/sandbox/v1/payouts/:payout", use: sandbox.decidePayout)
        }

        let documentation = DocumentationController(
            renderer.openAPI.document(
                for: engine.installation, isRateLimited: limits.rates != nil), renderer: renderer)
        api.get("/openapi.json", use: documentation.openAPI)
        pages.get("/docs", use: documentation.show)

        let probes = ProbeController(
            engine: engine, readiness: readiness, exposition: exposition)
        router.get("/healthz", use: probes.health)
        router.get("/readyz", use: probes.ready)
        if showsMetrics { router.get("/metrics", use: probes.metrics) }
        return router
    }

    /// The metrics alone, for an address of their own.
    package func metricsRouter() -> Router<SiteContext> {
        let router = Router(context: SiteContext.self)
        let probes = ProbeController(
            engine: engine, readiness: readiness, exposition: exposition)
        router.get("/metrics", use: probes.metrics)
        return router
    }
}

/// What a site lets through.
package struct SiteLimits: Sendable {
    /// Requests per second; nil lets all through.
    package let rates: RateLimits?
    /// Requests at work at once, calls and pages together.
    package let requestsAtOnce: Int

    package init(rates: RateLimits?, requestsAtOnce: Int) {
        self.rates = rates
        self.requestsAtOnce = requestsAtOnce
    }
}
