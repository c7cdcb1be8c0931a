import ArgumentParser
import KaunterCore
import KaunterEngine
import KaunterServer
import KaunterStorage
import Logging

/// The bench can't go on.
struct BenchFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Where the store is, as `kaunter` takes it.
struct StorePlace: ParsableArguments {
    @Option(help: "The folder of the store.")
    var data: String

    @Option(name: .customLong("database-url"), help: "PostgreSQL instead of SQLite.")
    var databaseURL: String?

    /// Opens the store with everything as a server has it by default, and closes it afterwards.
    func use(_ body: (_ engine: Engine, _ storage: Storage) async throws -> Void) async throws {
        var configuration = Configuration()
        configuration.database.folder = data
        configuration.database.url = databaseURL.map { Secret($0) }
        configuration.money.serviceTax = Percentage("8") ?? .zero
        let opened = try await OpenStore.open(
            configuration, for: .acting, surroundings: .real)
        guard let store = opened else {
            throw BenchFault("Another process has this store.")
        }
        let engine = Engine(store, configuration, logger: Logger(label: "bench"))
        do {
            try await body(engine, store.storage)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }
}

extension Engine {
    /// Items of one seal, as the server's sealer takes them.
    private static let itemsPerSeal = 1_000

    /// Makes one seal, if anything waits, and says whether anything did.
    @discardableResult
    func sealSome() async throws -> Bool {
        try await seal(limit: Self.itemsPerSeal) > 0
    }

    /// Seals until nothing waits.
    func sealAll() async throws {
        while try await sealSome() {}
    }
}
