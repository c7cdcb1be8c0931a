import Foundation
import KaunterCore
import KaunterDatabase
import TestSupport
import Testing

@testable import KaunterStorage

/// Copies of an embedded store that others write meanwhile.
@Suite("Copying an embedded store")
struct StoreCopierTests {
    private func use(
        _ body: (TestStore, StoreCopier, String) async throws -> Void
    ) async throws {
        for kind in TestDatabase.all where kind.dialect == .sqlite {
            try await TestStore.use(kind) { store in
                let installation = Installation(mode: .sandbox, masterKeyID: "key")
                try await store.storage.write {
                    try $0.found(installation, at: store.clock.now)
                }
                let path = try #require(store.place.path)
                let folder = (path as NSString).deletingLastPathComponent
                let copier = StoreCopier(
                    databaseFile: path, folder: folder, surroundings: .real)
                try await body(store, copier, folder)
            }
        }
    }

    private func end(_ copier: StoreCopier, _ id: UUID) async throws -> StoreCopier.Progress? {
        while case .running? = copier.progress(of: id) { await Task.yield() }
        return copier.progress(of: id)
    }

    private func copies(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.contains("partial") }
    }

    @Test("a copy holds what was stored before, and what comes later is not in it")
    func copied() async throws {
        try await use { store, copier, folder in
            try await store.insertPayment()
            let id = try copier.begin()
            guard case .done(let copy)? = try await end(copier, id) else {
                Issue.record("the copy failed")
                return
            }
            try await store.insertPayment(orderID: "order-2")
            let migrator = try Migrator(dialect: .sqlite)
            let found = try SQLiteFile.look(into: copy.file, thoroughly: true) {
                try migrator.contents(in: $0)
            }
            #expect(found == copy.contents)
            #expect(found.count(of: "payments") == 1)
            let attributes = try FileManager.default.attributesOfItem(atPath: copy.file)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            // One file: nothing lies beside it.
            #expect(try copies(in: folder).count == 1)
            copier.removeLeftovers()
            #expect(!FileManager.default.fileExists(atPath: copy.file))
        }
    }

    @Test("writes go on while a copy is made, and the copy is of one moment")
    func beside() async throws {
        try await use { store, copier, _ in
            for round in 0..<5 {
                let id = try copier.begin()
                for number in 0..<20 {
                    try await store.insertPayment(orderID: "order-\(round)-\(number)")
                }
                guard case .done(let copy)? = try await end(copier, id) else {
                    Issue.record("the copy failed")
                    return
                }
                let contents = copy.contents
                // A payment, its payer and its identifier are stored together.
                #expect(contents.count(of: "payments") == contents.count(of: "payers"))
                #expect(contents.count(of: "payments") == contents.count(of: "payment_events"))
                unlink(copy.file)
            }
        }
    }

    @Test("one copy at a time, and none once the store is being closed")
    func refused() async throws {
        try await use { _, copier, folder in
            await copier.stop()
            #expect(throws: Refusal.conflict("The store is being closed.")) { try copier.begin() }
            #expect(copier.progress(of: UUID()) == nil)
            let left = try copies(in: folder)
            #expect(left == [])
        }
    }

    @Test("a database that can't be copied is a failure, and leaves nothing")
    func failing() async throws {
        try await use { _, _, folder in
            let copier = StoreCopier(
                databaseFile: "\(folder)/nowhere.sqlite", folder: folder, surroundings: .real)
            let id = try copier.begin()
            guard case .failed? = try await end(copier, id) else {
                Issue.record("it did not fail")
                return
            }
            let left = try copies(in: folder)
            #expect(left == [])
        }
    }
}
