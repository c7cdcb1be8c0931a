import ArgumentParser
import Foundation
import KaunterAPI
import KaunterCore
import KaunterServer
import KaunterStorage
import Metrics

/// `kaunter serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the gateway: API, pages, probes and metrics on one address.",
        discussion: """
            Examples:
              kaunter serve --sandbox
              kaunter serve --sandbox --listen 127.0.0.1:9000 --data ./try
              kaunter serve --master-key /etc/kaunter/master.key --public-url https://pay.example.my

            The first start makes the store, as a sandbox or for live money; it stays what it is. \
            SIGTERM finishes what is in flight and stops.
            """)

    @OptionGroup var store: StoreOptions

    @Flag(help: "A sandbox: simulated banks, no money.")
    var sandbox = false

    @Option(
        help: ArgumentHelp("The address to listen on (127.0.0.1:8080).", valueName: "host:port"))
    var listen: String?

    @Option(
        help: ArgumentHelp(
            "How merchants and payers reach it (http://HOST:PORT).", valueName: "url"))
    var publicURL: String?

    func run() async throws {
        var flags = store.flags
        flags.listen = listen
        flags.publicURL = publicURL
        let configuration = try Configuration(flags: flags)
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        JSONLog.bootstrap(configuration.log, now: Surroundings.real.now)
        let mode: Installation.Mode = sandbox ? .sandbox : .live
        let server = try await Server.build(configuration, mode: mode, registry: registry)
        let answer: JSONObject = [
            "url": .string(configuration.publicURL),
            "listen": .string("\(configuration.listen.address)"),
            "mode": .string(mode.rawValue),
        ]
        let options = store
        try await server.run {
            options.show(answer, "Kaunter (\(mode.rawValue)) serves \(configuration.publicURL)")
        }
    }
}

/// `kaunter migrate`
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a store, or bring it to this program's schema, without serving.",
        discussion: """
            Example:
              kaunter migrate --database-url postgresql://db/kaunter --master-key FILE
            """)

    @OptionGroup var store: StoreOptions

    @Flag(help: "The store is (to be) a sandbox.")
    var sandbox = false

    func run() async throws {
        let opened = try await OpenStore.open(
            try store.configuration(), for: .owning(sandbox ? .sandbox : .live),
            surroundings: .real)
        guard let opened else {
            throw ServerFault(
                .unavailable, "A running process has the store; its start has migrated it.")
        }
        await opened.close()
        let mode = opened.installation.mode.rawValue
        store.show(["mode": .string(mode)], "The store (\(mode)) is ready.")
    }
}
