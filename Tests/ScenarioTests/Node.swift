import Foundation
import KaunterCore
import KaunterServer
import KaunterStorage
import TestSupport

/// One server in this process, as it would run on a machine: its configuration, and the address it
/// has.
struct Node: Sendable {
    var configuration: Configuration

    var url: String { configuration.publicURL }

    /// A node on a free port of this machine.
    ///
    /// - Parameters:
    ///   - database: where its store is; on SQLite the data folder is the database's.
    ///   - masterKey: the file of the master key that nodes of one database share.
    init(on database: TestDatabase, folder: String, masterKey: String) throws {
        var configuration = Configuration()
        configuration.listen.address = ListenAddress(host: "127.0.0.1", port: try FreePort.find())
        configuration.database.folder = folder
        configuration.database.url = database.url.map { Secret($0) }
        configuration.database.connections = 4
        configuration.keys.masterKeyFile = masterKey
        self.configuration = configuration
    }

    /// Why a node can't be used.
    struct Fault: Error {
        let what: String
    }

    /// Runs the server while `body` runs, and stops it as SIGTERM would.
    @discardableResult
    func serve<Answer: Sendable>(
        _ surroundings: Surroundings = .real, _ body: () async throws -> Answer
    ) async throws -> Answer {
        let server = try await Server.build(
            configuration, mode: .sandbox, surroundings: surroundings,
            registry: PrometheusRegistry())
        let (ready, isReady) = AsyncStream<Void>.makeStream()
        let (stop, stopping) = AsyncStream<Never>.makeStream()
        let running = Task {
            defer { isReady.finish() }
            try await server.run(until: stop) { isReady.yield() }
        }
        var answer: Result<Answer, any Error> = .failure(Fault(what: "the server did not start"))
        for await _ in ready {
            do {
                answer = .success(try await body())
            } catch {
                answer = .failure(error)
            }
            break
        }
        stopping.finish()
        try await running.value
        return try answer.get()
    }
}

extension Surroundings {
    /// The real world, some seconds later.
    static func later(bySeconds seconds: Int64) -> Surroundings {
        Surroundings(
            now: { Surroundings.real.now().adding(seconds: seconds) },
            uuid: Surroundings.real.uuid, randomBytes: Surroundings.real.randomBytes,
            sleep: Surroundings.real.sleep)
    }
}
