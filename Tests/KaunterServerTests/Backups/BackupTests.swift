import Foundation
import KaunterAPI
import KaunterCore
import KaunterDatabase
import KaunterStorage
import TestSupport
import Testing

@testable import KaunterServer

/// A store into a file, and the file into a store.
@Suite("Backup and restore")
struct BackupTests {
    /// Founds a sandbox at a place, and backs it up.
    private func backUp(_ place: ServerPlace, to file: String) async throws -> JSONObject {
        let store = try await OpenStore.open(
            place.configuration(), for: .owning(.sandbox), surroundings: .real)
        await store?.close()
        return try await Backup(place.configuration()).make(to: file)
    }

    @Test("a backup is restored elsewhere as the same store", arguments: TestDatabase.all)
    func thereAndBack(_ kind: TestDatabase) async throws {
        try await ServerPlace.use(kind) { place in
            let file = "\(place.beside)/a.backup"
            let made = try await backUp(place, to: file)
            #expect(made["payments"]?.integerValue == 0)
            try await vacate(place)
            let report = try await Restore(place.configuration()).restore(
                from: file, sha256: made["sha256"]?.stringValue, idsAheadAtLeast: 2_000_000)
            #expect(report.restoration.idsAhead == 2_000_000)
            #expect(report.restoration.firstNewID == 102_000_001)
            #expect(report.missingKeyFile == nil)
            #expect(report.text.contains("102000001"))
            let store = try await OpenStore.open(
                place.configuration(), for: .acting, surroundings: .real)
            #expect(store?.installation.mode == .sandbox)
            let id = try await store?.storage.write { try $0.drawPaymentID().rawValue }
            #expect(id == 102_000_001)
            await store?.close()
            await #expect(throws: ServerFault.self, "a restore over a store") {
                try await Restore(place.configuration()).restore(
                    from: file, sha256: nil, idsAheadAtLeast: 0)
            }
        }
    }

    @Test("a damaged backup is refused and leaves nothing", arguments: TestDatabase.all)
    func damaged(_ kind: TestDatabase) async throws {
        try await ServerPlace.use(kind) { place in
            let file = "\(place.beside)/a.backup"
            _ = try await backUp(place, to: file)
            try await vacate(place)
            let good = try Data(contentsOf: URL(fileURLWithPath: file))
            for place in [0, good.count / 3, good.count - 8193, good.count - 8192, good.count - 1] {
                var bad = good
                bad[place] ^= 0x10
                try await refused(bad, kind, file)
            }
            for length in [0, 100, 8192, good.count - 1] {
                try await refused(good.prefix(length), kind, file)
            }
        }
    }

    @Test("the key of another store is refused before anything is made")
    func otherKey() async throws {
        for kind in TestDatabase.all where kind.dialect == .sqlite {
            try await ServerPlace.use(kind) { place in
                let file = "\(place.beside)/a.backup"
                _ = try await backUp(place, to: file)
                let other = place.configuration(
                    data: "\(place.beside)/other", masterKey: try place.makeMasterKey())
                await #expect(throws: ServerFault.self) {
                    try await Restore(other).restore(from: file, sha256: nil, idsAheadAtLeast: 0)
                }
                #expect(!FileManager.default.fileExists(atPath: "\(place.beside)/other"))
            }
        }
    }

    @Test("a log without its database is taken for what remains of a store")
    func remains() async throws {
        for kind in TestDatabase.all where kind.dialect == .sqlite {
            try await ServerPlace.use(kind) { place in
                let file = "\(place.beside)/a.backup"
                _ = try await backUp(place, to: file)
                try await vacate(place)
                let log = "\(place.folder)/kaunter.sqlite-wal"
                try Data([1]).write(to: URL(fileURLWithPath: log))
                await #expect(throws: ServerFault.self) {
                    try await Restore(place.configuration()).restore(
                        from: file, sha256: nil, idsAheadAtLeast: 0)
                }
                #expect(FileManager.default.contents(atPath: log) == Data([1]))
            }
        }
    }

    /// Loses the store, and keeps its master key.
    private func vacate(_ place: ServerPlace) async throws {
        if let url = place.database.url {
            let database = try PostgreSQLDatabase(url: url, connections: 1)
            try await Restorer(database).clear()
            await database.close()
        } else {
            try FileManager.default.removeItem(atPath: "\(place.folder)/kaunter.sqlite")
        }
    }

    /// Restores bytes into a fresh place, which must refuse them and stay empty.
    private func refused(_ bytes: Data, _ kind: TestDatabase, _ file: String) async throws {
        try bytes.write(to: URL(fileURLWithPath: file))
        let parent = try TestFolder.make()
        var configuration = Configuration()
        configuration.database.folder = "\(parent.path)/data"
        let fault = await #expect(throws: ServerFault.self) {
            try await Restore(configuration).restore(
                from: file, sha256: nil, idsAheadAtLeast: 0)
        }
        #expect(fault?.message.contains("damaged") == true)
        #expect(!FileManager.default.fileExists(atPath: configuration.database.folder))
    }
}
