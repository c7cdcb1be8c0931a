import Foundation
import KaunterEngine
import TestSupport

@testable import KaunterServer

/// A place for a store: an empty database of one of the two kinds, and a data folder.
struct ServerPlace: Sendable {
    let database: TestDatabase
    /// The data folder; on SQLite it holds the database.
    let folder: String
    /// A folder beside it.
    let beside: String

    /// Makes a place, and removes it when `body` is over.
    static func use(
        _ kind: TestDatabase, _ body: (ServerPlace) async throws -> Void
    ) async throws {
        try await Turnstile.databases.pass {
            let database = try await kind.fresh()
            let parent = try TestFolder.make()
            let place = ServerPlace(
                database: database, folder: "\(parent.path)/data", beside: parent.path)
            do {
                try await body(place)
            } catch {
                try await database.remove()
                throw error
            }
            try await database.remove()
        }
    }

    /// The configuration of a node here.
    func configuration(
        data: String? = nil, masterKey: String? = nil
    ) -> Configuration {
        var configuration = Configuration()
        configuration.database.folder = data ?? folder
        configuration.database.url = database.url.map { Secret($0) }
        configuration.database.connections = 3
        configuration.keys.masterKeyFile = masterKey
        return configuration
    }

    /// Makes a master key's file beside the data folder.
    func makeMasterKey(_ name: String = "live.key") throws -> String {
        let path = "\(beside)/\(name)"
        _ = try MasterKeyFile.make(at: path)
        return path
    }
}
