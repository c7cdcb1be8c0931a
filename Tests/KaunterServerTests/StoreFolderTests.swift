import Foundation
import TestSupport
import Testing

@testable import KaunterServer

@Suite("The data folder")
struct StoreFolderTests {
    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? Int) ?? -1
    }

    @Test("a new folder is its owner's alone, and so is one that was open to others")
    func modes() throws {
        let parent = try TestFolder.make()
        let new = StoreFolder(parent.appending(path: "a/b/new").path)
        try new.make()
        #expect(try mode(new.path) == 0o700)
        let open = parent.appending(path: "open")
        try FileManager.default.createDirectory(
            at: open, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        try StoreFolder(open.path).make()
        #expect(try mode(open.path) == 0o700)
    }

    @Test("where a file stands, no folder is made")
    func occupied() throws {
        let file = try TestFolder.make().appending(path: "file")
        try Data().write(to: file)
        #expect(throws: ServerFault.self) { try StoreFolder(file.path).make() }
    }

    @Test("a path is made absolute and plain")
    func path() {
        let here = FileManager.default.currentDirectoryPath
        #expect(StoreFolder("./kaunter-data").path == "\(here)/kaunter-data")
        #expect(StoreFolder("/a/./b/../c/").path == "/a/c")
        #expect(StoreFolder("/a").controlSocket == "/a/control.sock")
    }

    @Test("a control socket's path of 107 bytes fits, one of 108 does not")
    func socketPath() throws {
        let name = "/control.sock"
        let fits = "/" + String(repeating: "d", count: 107 - name.utf8.count - 1)
        try StoreFolder(fits).checkSocketPath()
        #expect(throws: ServerFault.self) { try StoreFolder(fits + "d").checkSocketPath() }
    }

    @Test("what lies in the folder is known, by whatever path it is named")
    func holds() throws {
        let parent = try TestFolder.make()
        let folder = StoreFolder(parent.appending(path: "data").path)
        try folder.make()
        let inside = "\(folder.path)/master.key"
        try Data().write(to: URL(filePath: inside))
        let link = parent.appending(path: "link").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: inside)
        for path in [
            inside, folder.path, "\(folder.path)/sub/key", "\(folder.path)/../data/key", link,
        ] {
            #expect(folder.holds(path), "\(path)")
        }
        for path in [
            "\(parent.path)/key", "\(folder.path)-key", "\(folder.path)/../key", "/etc/key",
        ] {
            #expect(!folder.holds(path), "\(path)")
        }
    }
}
