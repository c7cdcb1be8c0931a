import Foundation
package import KaunterDatabase

/// A database for a test: one of the two kinds, and, once it is `fresh`, a place of its own.
///
///     @Test(arguments: TestDatabase.all)
///     func remembers(_ kind: TestDatabase) async throws {
///         try await kind.use { database in … }
///     }
package struct TestDatabase: Sendable, CustomStringConvertible {
    /// SQLite always, and PostgreSQL when `TEST_POSTGRESQL_URL` names a server.
    package static let all: [TestDatabase] =
        [TestDatabase(dialect: .sqlite)]
        + (serverURL == nil ? [] : [TestDatabase(dialect: .postgresql)])

    /// Where tests find a PostgreSQL server, if there is one.
    package static let serverURL: String? = {
        let url = ProcessInfo.processInfo.environment["TEST_POSTGRESQL_URL"]
        return url == "" ? nil : url
    }()

    package let dialect: Dialect

    /// The SQLite file of this place.
    package private(set) var path: String?

    /// The URL of this place: a server's process can be pointed to it.
    package private(set) var url: String?

    /// The PostgreSQL schema of this place.
    private var schema: String?

    package var description: String { dialect.rawValue }

    private init(dialect: Dialect) {
        self.dialect = dialect
    }

    /// A place of this kind that holds nothing: a new folder, or a new schema.
    package func fresh() async throws -> TestDatabase {
        var place = TestDatabase(dialect: dialect)
        switch dialect {
        case .sqlite:
            place.path = try TestFolder.make().appending(path: "kaunter.sqlite").path
        case .postgresql:
            let server = try Self.knownServerURL()
            let schema = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
            try await Self.tellServer("CREATE SCHEMA \(schema)")
            place.schema = schema
            place.url =
                server + (server.contains("?") ? "&" : "?")
                + "options=-csearch_path%3D\(schema)"
        }
        return place
    }

    /// Opens this place, or a fresh one if this is only a kind.
    ///
    /// The connections are few: many tests run side by side on one small server.
    package func open() async throws -> any Database {
        if let path { return try SQLiteDatabase(path: path, readers: 2) }
        if let url { return try PostgreSQLDatabase(url: url, connections: 3) }
        return try await fresh().open()
    }

    /// Removes what `fresh` made, after the database has been closed.
    package func remove() async throws {
        if let path {
            try FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent)
        }
        if let schema {
            try await Self.tellServer("DROP SCHEMA \(schema) CASCADE")
        }
    }

    /// Opens a fresh place, and closes and removes it when `body` is over.
    package func use(_ body: (any Database) async throws -> Void) async throws {
        try await Turnstile.databases.pass { try await useOne(body) }
    }

    private func useOne(_ body: (any Database) async throws -> Void) async throws {
        let place = try await fresh()
        let database = try await place.open()
        do {
            try await body(database)
        } catch {
            await database.close()
            try await place.remove()
            throw error
        }
        await database.close()
        try await place.remove()
    }

    private static func knownServerURL() throws -> String {
        guard let serverURL else {
            throw DatabaseFault(.gone, "TEST_POSTGRESQL_URL names no server")
        }
        return serverURL
    }

    private static func tellServer(_ script: String) async throws {
        let server = try PostgreSQLDatabase(url: knownServerURL(), connections: 1)
        do {
            _ = try await server.write { try $0.run(.script(script)) }
        } catch {
            await server.close()
            throw error
        }
        await server.close()
    }
}
