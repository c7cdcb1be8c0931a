import ArgumentParser
import Foundation
import KaunterCore
import KaunterServer
import KaunterStorage
import Metrics

/// `kaunter demo`
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a payment from creation to notification, in a sandbox.",
        discussion: """
            Examples:
              kaunter demo
              kaunter demo --auto

            Starts a sandbox, makes a merchant with keys and a small shop that receives \
            notifications, sends a signed payment, and tells what happens. With --auto it pays by \
            itself, and ends with 0 only if every step was verified; without, it goes on serving.
            """)

    @OptionGroup var store: StoreOptions

    @Flag(help: "Pay without a browser, then stop.")
    var auto = false

    @Option(
        help: ArgumentHelp("The address to listen on (127.0.0.1:8080).", valueName: "host:port"))
    var listen: String?

    private enum Part {
        case server
        case story
    }

    func run() async throws {
        var flags = store.flags
        flags.listen = listen
        var configuration = try Configuration(flags: flags)
        // The story is on the terminal; of the log only what goes wrong.
        configuration.log.level = .warning
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        JSONLog.bootstrap(configuration.log, now: Surroundings.real.now)
        let server = try await Server.build(configuration, mode: .sandbox, registry: registry)
        let story = DemoStory(configuration: configuration, isAutomatic: auto, wantsJSON: store.json)
        let stopsAfterStory = auto
        let (ready, signal) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Part.self) { group in
            group.addTask {
                defer { signal.finish() }
                try await server.run { signal.yield() }
                return .server
            }
            group.addTask {
                for await _ in ready {
                    try await story.tell()
                    break
                }
                return .story
            }
            while let part = try await group.next() {
                if part == .server || stopsAfterStory {
                    group.cancelAll()
                    break
                }
            }
        }
    }
}
