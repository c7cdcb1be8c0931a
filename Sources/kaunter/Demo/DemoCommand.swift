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

    /// What has come to its end.
    private enum End: Sendable {
        case server
        case story
        case failedStory(any Error)
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
        let story = DemoStory(
            configuration: configuration, isAutomatic: auto, wantsJSON: store.json)
        let (ready, isReady) = AsyncStream<Void>.makeStream()
        let (stop, stopping) = AsyncStream<Never>.makeStream()
        var failure: (any Error)?
        try await withThrowingTaskGroup(of: End.self) { group in
            group.addTask {
                defer { isReady.finish() }
                try await server.run(until: stop) { isReady.yield() }
                return .server
            }
            group.addTask { await Self.tell(story, once: ready) }
            loop: while let end = try await group.next() {
                switch end {
                case .server: break loop
                case .story: if auto { stopping.finish() }
                case .failedStory(let error):
                    failure = error
                    stopping.finish()
                }
            }
            group.cancelAll()
        }
        if let failure { throw failure }
    }

    /// Tells the story when the server is ready, if it ever is.
    private static func tell(_ story: DemoStory, once ready: AsyncStream<Void>) async -> End {
        for await _ in ready {
            do {
                try await story.tell()
            } catch {
                return .failedStory(error)
            }
            break
        }
        return .story
    }
}
