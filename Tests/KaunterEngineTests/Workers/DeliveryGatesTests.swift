import Synchronization
import Testing

@testable import KaunterEngine

@Suite("The gates before receivers")
struct DeliveryGatesTests {
    /// Has one delivery after the other accepted, until more is claimed of the receiver.
    private static func trusted(_ gates: DeliveryGates) async {
        for _ in 0..<200 {
            let ticket = gates.hold(1, of: "q", width: 1)
            _ = await gates.enter(ticket)
            gates.leave(ticket, isAccepted: true, took: 1_000)
            _ = gates.release(ticket)
        }
    }

    @Test("a receiver that accepts quickly again and again has more claimed of it, up to a limit")
    func depth() async {
        let gates = DeliveryGates()
        #expect(gates.depths == [:])
        await Self.trusted(gates)
        #expect(gates.depths == ["q": 8])
        #expect(gates.held == 0)
        let ticket = gates.hold(1, of: "q", width: 1)
        #expect(await gates.enter(ticket))
        gates.leave(ticket, isAccepted: true, took: 10_000_000)
        #expect(gates.depths == [:])
    }

    @Test("what is claimed ahead goes one after the other, and none after a failure")
    func ahead() async {
        let gates = DeliveryGates()
        let ticket = gates.hold(4, of: "q", width: 1)
        let seen = Seen()
        await withDiscardingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    guard await gates.enter(ticket) else {
                        _ = gates.release(ticket)
                        return
                    }
                    seen.begin()
                    await Task.yield()
                    gates.leave(ticket, isAccepted: seen.end() == 1, took: 1)
                    _ = gates.release(ticket)
                }
            }
        }
        #expect(seen.counts.most == 1)
        // The second one failed; the other two were not sent.
        #expect(seen.counts.sent == 2)
        #expect(gates.held == 0)
    }

    @Test("what is not claimed ahead is sent, whatever has failed meanwhile")
    func within() async {
        let gates = DeliveryGates()
        let ticket = gates.hold(2, of: "q", width: 2)
        #expect(await gates.enter(ticket))
        gates.leave(ticket, isAccepted: false, took: 1)
        #expect(await gates.enter(ticket))
    }
}

/// Counts requests.
private final class Seen: Sendable {
    private let state = Mutex((now: 0, most: 0, sent: 0))

    var counts: (now: Int, most: Int, sent: Int) { state.withLock { $0 } }

    func begin() {
        state.withLock { state in
            state.now += 1
            state.most = max(state.most, state.now)
        }
    }

    /// The number of the one that ends.
    func end() -> Int {
        state.withLock { state in
            state.now -= 1
            state.sent += 1
            return state.sent
        }
    }
}
