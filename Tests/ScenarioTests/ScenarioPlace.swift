import Foundation
import TestSupport

/// An empty database of one kind, and room for the folders of nodes.
struct ScenarioPlace: Sendable {
    let database: TestDatabase
    private let parent: String

    /// Makes a place, and removes it when `body` is over.
    static func use(
        _ kind: TestDatabase, _ body: @Sendable (ScenarioPlace) async throws -> Void
    ) async throws {
        try await Turnstile.databases.pass {
            let database = try await kind.fresh()
            let place = ScenarioPlace(database: database, parent: try TestFolder.make().path)
            do {
                try await body(place)
            } catch {
                try await database.remove()
                throw error
            }
            try await database.remove()
        }
    }

    /// A node of this place; several may share a database that is not embedded.
    func node(_ number: Int = 1) throws -> Node {
        try Node(
            on: database, folder: "\(parent)/\(number)", masterKey: "\(parent)/master.key")
    }
}
