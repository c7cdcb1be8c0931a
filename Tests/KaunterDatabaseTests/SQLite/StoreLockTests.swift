import Foundation
import KaunterDatabase
import TestSupport
import Testing

@Suite("StoreLock")
struct StoreLockTests {
    @Test("the lock is held by one at a time, until it is released")
    func exclusion() throws {
        let path = try TestFolder.make().appending(path: "kaunter.lock").path
        let first = try #require(try StoreLock.acquire(path: path))
        #expect(try StoreLock.acquire(path: path) == nil)

        first.release()
        first.release()
        let second = try StoreLock.acquire(path: path)
        #expect(second != nil)
        // Releasing twice must not have closed a descriptor that is now the second's.
        first.release()
        #expect(try StoreLock.acquire(path: path) == nil)
    }

    @Test("a lock that goes is released")
    func forgetting() throws {
        let path = try TestFolder.make().appending(path: "kaunter.lock").path
        do {
            let lock = try StoreLock.acquire(path: path)
            #expect(lock != nil)
        }
        #expect(try StoreLock.acquire(path: path) != nil)
    }

    @Test("the lock file can be read by its owner only, and no link is followed")
    func file() throws {
        let folder = try TestFolder.make()
        let path = folder.appending(path: "kaunter.lock").path
        let lock = try StoreLock.acquire(path: path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        lock?.release()

        let link = folder.appending(path: "link").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(throws: DatabaseFault(.gone, "")) { try StoreLock.acquire(path: link) }
        let missing = folder.appending(path: "missing/kaunter.lock").path
        #expect(throws: DatabaseFault(.gone, "")) { try StoreLock.acquire(path: missing) }
    }
}
