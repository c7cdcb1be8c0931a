import Synchronization
import Testing

@testable import KaunterServer

@Suite("The connections of an address")
struct ConnectionsTests {
    /// Remembers which connections were closed.
    private final class Closed: Sendable {
        let all = Mutex<[String]>([])

        func note(_ name: String) -> @Sendable () -> Void {
            { self.all.withLock { $0.append(name) } }
        }

        var names: [String] { all.withLock { $0 } }
    }

    private func number(_ entry: Connections.Entry) throws -> Int {
        guard case .seated(let number) = entry else {
            Issue.record("there was no place")
            throw CancellationError()
        }
        return number
    }

    @Test("at the limit the one that is idle longest makes room")
    func eviction() throws {
        let closed = Closed()
        let connections = Connections(limit: 3)
        let first = try number(connections.enter(closed.note("first")))
        _ = try number(connections.enter(closed.note("second")))
        let third = try number(connections.enter(closed.note("third")))
        #expect(connections.work(first))
        #expect(connections.work(third))
        connections.rest(third)
        _ = try number(connections.enter(closed.note("fourth")))
        #expect(closed.names == ["second"])
        _ = try number(connections.enter(closed.note("fifth")))
        #expect(closed.names == ["second", "third"])
        #expect(!connections.work(third))
        #expect(connections.work(first))
    }

    @Test("where none is idle the new one is told to come back, and after some nobody is told")
    func turnedAway() throws {
        let connections = Connections(limit: 1)
        let only = try number(connections.enter {})
        #expect(connections.work(only))
        var turnedAway = 0
        while case .turnedAway = connections.enter({}) { turnedAway += 1 }
        #expect(turnedAway == 512)
        connections.leave(only)
        connections.leave(only)
        _ = try number(connections.enter {})
    }

    @Test("a connection that works and rests a thousand times costs no memory, and keeps its turn")
    func sweeping() throws {
        let closed = Closed()
        let connections = Connections(limit: 2)
        let busy = try number(connections.enter(closed.note("busy")))
        _ = try number(connections.enter(closed.note("quiet")))
        for _ in 0..<5_000 {
            #expect(connections.work(busy))
            connections.rest(busy)
        }
        _ = try number(connections.enter(closed.note("new")))
        #expect(closed.names == ["quiet"])
    }
}
