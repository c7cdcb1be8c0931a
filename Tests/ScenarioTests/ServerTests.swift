import AsyncHTTPClient
import Foundation
import KaunterAPI
import KaunterCore
import KaunterDatabase
import KaunterServer
import KaunterStorage
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// What only a running server can show: its sockets, its lock, its end.
@Suite("A running server")
struct ServerTests {
    @Test("the control socket is its owner's alone")
    func controlSocket() async throws {
        for kind in TestDatabase.all where kind.dialect == .sqlite {
            try await ScenarioPlace.use(kind) { place in
                let node = try place.node()
                try await node.serve {
                    // The merchant is made through the socket, so it is there.
                    _ = try await Merchant(at: node)
                    let folder = node.configuration.database.folder
                    let attributes = try FileManager.default.attributesOfItem(
                        atPath: "\(folder)/control.sock")
                    #expect(attributes[.posixPermissions] as? Int == 0o600)
                }
            }
        }
    }

    @Test(
        "an embedded store has one server; a shared one may have more",
        arguments: TestDatabase.all)
    func secondServer(_ kind: TestDatabase) async throws {
        try await ScenarioPlace.use(kind) { place in
            let first = try place.node()
            var second = try place.node()
            second.configuration.database.folder = first.configuration.database.folder
            try await first.serve {
                do {
                    let server = try await Server.build(
                        second.configuration, mode: .sandbox, registry: PrometheusRegistry())
                    #expect(kind.dialect == .postgresql)
                    let (stop, stopping) = AsyncStream<Never>.makeStream()
                    stopping.finish()
                    try await server.run(until: stop)
                } catch let fault as ServerFault {
                    #expect(kind.dialect == .sqlite)
                    #expect(fault.kind == .unavailable)
                }
            }
            // The first has let go of it.
            try await second.serve {}
        }
    }

    @Test("a server that can't listen says so, and lets go of its store")
    func portTaken() async throws {
        for kind in TestDatabase.all where kind.dialect == .sqlite {
            try await ScenarioPlace.use(kind) { place in
                let first = try place.node(1)
                var second = try place.node(2)
                let free = second.configuration.listen.address
                second.configuration.listen.address = first.configuration.listen.address
                let taken = second
                try await first.serve {
                    await #expect(throws: (any Error).self) { try await taken.serve {} }
                }
                second.configuration.listen.address = free
                try await second.serve {}
            }
        }
    }

    @Test("metrics may have an address of their own")
    func metrics() async throws {
        for kind in TestDatabase.all.prefix(1) {
            try await ScenarioPlace.use(kind) { place in
                var node = try place.node()
                let own = ListenAddress(host: "127.0.0.1", port: try FreePort.find())
                node.configuration.listen.metricsAddress = own
                let served = node
                try await served.serve {
                    try await Payer.use { payer in
                        for (url, status) in [
                            ("\(served.url)/metrics", 404), ("\(served.url)/readyz", 200),
                            ("http://\(own)/healthz", 404), ("http://\(own)/metrics", 200),
                        ] {
                            let page = try await payer.look(url)
                            #expect(page.status == status, "\(url)")
                        }
                    }
                }
            }
        }
    }

    @Test("over a real socket too a body of one byte too many is refused")
    func largeBody() async throws {
        for kind in TestDatabase.all.prefix(1) {
            try await ScenarioPlace.use(kind) { place in
                let node = try place.node()
                try await node.serve {
                    let merchant = try await Merchant(at: node)
                    try await Payer.use { payer in
                        let order = Array(merchant.order("A-1").json.text.utf8)
                        let spaces = [UInt8](
                            repeating: 0x20, count: Limits.bodyBytes - order.count)
                        let more = try await merchant.send(
                            order + spaces + [0x20], to: node, with: payer.http)
                        #expect(more.status == 413)
                        #expect(more.body.contains("\"errors\":{}"))
                        let full = try await merchant.send(
                            order + spaces, to: node, with: payer.http)
                        #expect(full.status == 200)
                    }
                }
            }
        }
    }
}
