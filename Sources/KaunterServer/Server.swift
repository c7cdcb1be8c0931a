import Foundation
import Hummingbird
import HummingbirdCore
package import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterRails
package import KaunterStorage
import KaunterWeb
import Logging
import Metrics
import NIOCore
import ServiceLifecycle
import UnixSignals

/// A running house: the store, the engine with its workers, and what listens.
package struct Server: Sendable {
    private let store: OpenStore
    private let configuration: Configuration
    private let surroundings: Surroundings
    private let registry: PrometheusRegistry
    private let logger: Logger

    /// Seconds that a stop may take: what is in flight is finished, a receiver that hangs is not
    /// waited for beyond its time-out.
    private static let shutdownSeconds: Int64 = 20
    /// Connections at once to an address that has the metrics alone.
    private static let metricsConnections = 64
    /// Connections that the system keeps until they are taken in.
    private static let backlog = 1_024
    /// HTTP for the control socket, which its owner alone can reach.
    private static let controlHTTP = HTTPServerBuilder.http1(
        configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(60)))

    /// Opens the store and gets everything ready.
    package static func build(
        _ configuration: Configuration, mode: Installation.Mode,
        surroundings: Surroundings = .real, registry: PrometheusRegistry
    ) async throws -> Server {
        try StoreFolder(configuration.database.folder).checkSocketPath()
        guard configuration.crash == nil || mode == .sandbox else {
            throw ServerFault(
                .configuration,
                "\(Configuration.crashVariable) orders a crash: that is for sandboxes.")
        }
        let reached = configuration.crash?.watch()
        let surroundings = reached.map { surroundings.telling($0) } ?? surroundings
        let store = try await open(
            configuration, for: mode, surroundings,
            observer: StorageMeasures.observer(reached: reached))
        return Server(
            store: store, configuration: configuration, surroundings: store.surroundings,
            registry: registry, logger: Logger(label: "kaunter"))
    }

    /// Opens the store. A command that has it is waited for: it is about to end.
    private static func open(
        _ configuration: Configuration, for mode: Installation.Mode, _ surroundings: Surroundings,
        observer: DatabaseObserver?
    ) async throws -> OpenStore {
        for _ in 0..<ControlLine.triesAtMost {
            let store = try await OpenStore.open(
                configuration, for: .owning(mode), surroundings: surroundings, observer: observer)
            if let store { return store }
            try await surroundings.sleep(ControlLine.waitSeconds)
        }
        throw ServerFault(
            .unavailable,
            "The database in \(configuration.database.folder) belongs to a process that is "
                + "running: another `kaunter serve`, or a command that is about to end.")
    }

    /// Serves until SIGTERM, SIGINT or the end of `stop`: finishes what is in flight, then closes
    /// the store.
    ///
    /// - Parameters:
    ///   - stop: its end stops the server, for whoever runs one inside a program of its own.
    ///   - onListening: called once, when the first request can come.
    package func run(
        until stop: AsyncStream<Never>? = nil,
        onListening: @escaping @Sendable () async -> Void = {}
    ) async throws {
        let http = PinnedHTTP(allowsInside: store.installation.mode == .sandbox)
        do {
            try await serve(http, until: stop, onListening: onListening)
        } catch {
            await http.close()
            await store.close()
            throw (error as? IOError).map(describe) ?? error
        }
        await http.close()
        await store.close()
    }

    private func serve(
        _ http: PinnedHTTP, until stop: AsyncStream<Never>?,
        onListening: @escaping @Sendable () async -> Void
    ) async throws {
        beginMeasures()
        let engine = makeEngine()
        if store.isEmbedded { try await engine.takeOverDeliveries() }
        var services = workers(engine, http)
        if store.isEmbedded { services.append(try controlSocket(engine)) }
        let renderer = try await PageRenderer()
        let readiness = Readiness()
        let connections = Connections(limit: room)
        let site = self.site(engine, renderer, readiness)
        if let address = configuration.listen.metricsAddress {
            let few = Connections(limit: Self.metricsConnections)
            services.append(application(site.metricsRouter(), at: address, few))
        }
        services.append(
            application(site.router(), at: configuration.listen.address, connections, onListening))
        var configured = services.map {
            ServiceGroupConfiguration.ServiceConfiguration(
                service: $0, failureTerminationBehavior: .gracefullyShutdownGroup)
        }
        if let stop {
            configured.append(
                .init(
                    service: UntilStopped(stop: stop),
                    successTerminationBehavior: .gracefullyShutdownGroup))
        }
        configured.append(
            .init(
                service: Departure(
                    drainSeconds: configuration.listen.drainSeconds, readiness: readiness,
                    connections: connections, surroundings: surroundings, logger: logger),
                successTerminationBehavior: .gracefullyShutdownGroup))
        var group = ServiceGroupConfiguration(services: configured, logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(Self.shutdownSeconds)
        try await ServiceGroup(configuration: group).run()
    }

    /// The most common hindrance of a start, in words.
    private func describe(_ error: IOError) -> ServerFault {
        let addresses = [configuration.listen.address, configuration.listen.metricsAddress]
        let names = addresses.compactMap { $0?.description }.joined(separator: " or ")
        return ServerFault(
            .unavailable,
            "Kaunter can't listen on \(names): \(String(cString: strerror(error.errnoCode))).")
    }

    private func makeEngine() -> Engine {
        Engine(store, configuration, logger: logger)
    }

    private func workers(_ engine: Engine, _ http: PinnedHTTP) -> [any ServiceLifecycle.Service] {
        let loop = { (worker: any Worker, bell: Bell) in
            WorkerLoop(worker, bell: bell, surroundings: surroundings, logger: logger)
        }
        return [
            loop(NotificationWorker(engine: engine, http: http), engine.outboxBell),
            loop(OutcomePoller(engine: engine), Bell()),
            loop(Expirer(engine: engine), Bell()),
            loop(PayoutWorker(engine: engine), engine.payoutBell),
            loop(Surveyor(engine: engine), Bell()),
            loop(Releaser(engine: engine), Bell()),
            loop(Sealer(engine: engine), Bell()),
            loop(EventRounder(engine: engine), Bell()),
            loop(TryKeeper(engine: engine), Bell()),
        ] + (engine.installation.isSandbox ? sandboxWorkers(engine) : []).map { loop($0, Bell()) }
    }

    /// What only a sandbox has: its clock, and its payers.
    private func sandboxWorkers(_ engine: Engine) -> [any Worker] {
        [ClockKeeper(engine: engine), SimulatedPayers(engine: engine)]
    }

    /// What is true from the start on.
    private func beginMeasures() {
        Measures.begin()
        Gauge(
            label: "kaunter_build_info",
            dimensions: [("version", KaunterVersion.text)]
        ).record(1)
        Gauge(label: "kaunter_process_start_seconds").record(
            surroundings.outside().microseconds / 1_000_000)
    }

    /// The connections that there is room for.
    private var room: Int {
        let wanted = configuration.listen.connections
        let room = FileDescriptors.room(for: wanted)
        if room < wanted {
            logger.warning(
                "the system allows fewer open files than connections were asked for",
                metadata: ["connections": "\(room)", "asked_for": "\(wanted)"])
        }
        return room
    }

    private func site(
        _ engine: Engine, _ renderer: PageRenderer, _ readiness: Readiness
    ) -> Site {
        let limits = configuration.limits
        let rates = RateLimits(
            accountPerSecond: limits.accountRequestsPerSecond,
            strangerPerSecond: limits.strangerRequestsPerSecond)
        return Site(
            engine: engine, renderer: renderer,
            limits: SiteLimits(
                rates: engine.installation.isSandbox ? nil : rates,
                requestsAtOnce: limits.requestsAtOnce),
            readiness: readiness,
            exposition: { registry.exposition() },
            showsMetrics: configuration.listen.metricsAddress == nil)
    }

    private func application(
        _ router: Router<SiteContext>, at address: ListenAddress, _ connections: Connections,
        _ onListening: @escaping @Sendable () async -> Void = {}
    ) -> some ServiceLifecycle.Service {
        Application(
            router: router,
            server: HTTPServerBuilder { WatchedHTTP(connections: connections, responder: $0) },
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), backlog: Self.backlog),
            onServerRunning: { _ in await onListening() }, logger: logger)
    }

    /// The unix socket through which commands reach this process. The folder is its owner's alone,
    /// and so is the socket. Who holds the store's lock may remove a stale one.
    private func controlSocket(_ engine: Engine) throws -> some ServiceLifecycle.Service {
        let path = StoreFolder(configuration.database.folder).controlSocket
        unlink(path)
        let desk = ControlDesk(engine: engine, copier: store.copier)
        return Application(
            router: ControlSite(desk: desk).router(), server: Self.controlHTTP,
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: path)),
            onServerRunning: { _ in chmod(path, 0o600) }, logger: logger)
    }
}

/// Runs until a stream ends, and takes the other services with it.
private struct UntilStopped: ServiceLifecycle.Service {
    let stop: AsyncStream<Never>

    func run() async throws {
        for await _ in stop.cancelOnGracefulShutdown() {}
    }
}
