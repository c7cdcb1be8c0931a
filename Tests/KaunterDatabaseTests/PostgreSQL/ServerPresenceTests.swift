import Logging
import Testing

@testable import KaunterDatabase

@Suite("ServerPresence")
struct ServerPresenceTests {
    private static func presence() -> ServerPresence {
        var limits = PostgreSQLLimits()
        limits.firstPauseMilliseconds = 60_000
        limits.longestPauseMilliseconds = 100_000
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return ServerPresence(limits, logger: logger)
    }

    /// Tries to connect so long from now. Nil when it was not even tried.
    private func attempt(
        _ presence: ServerPresence, afterSeconds: Int, succeeds: Bool
    ) -> Bool? {
        var wasTried = false
        let isConnected: Bool
        do {
            isConnected = try presence.connecting(now: .now + .seconds(afterSeconds)) {
                () throws(DatabaseFault) in
                wasTried = true
                guard succeeds else { throw DatabaseFault.unreachable }
                return true
            }
        } catch {
            #expect(error == DatabaseFault(.gone, ""))
            isConnected = false
        }
        return wasTried ? isConnected : nil
    }

    @Test("after a vain try nobody tries before the pause is over, and it grows to its limit")
    func pauses() {
        let presence = Self.presence()
        #expect(attempt(presence, afterSeconds: 0, succeeds: false) == false)
        #expect(attempt(presence, afterSeconds: 30, succeeds: true) == nil)
        #expect(attempt(presence, afterSeconds: 61, succeeds: false) == false)
        #expect(attempt(presence, afterSeconds: 80, succeeds: true) == nil)
        #expect(attempt(presence, afterSeconds: 101, succeeds: true) == true)
    }

    @Test("a connection that was made ends the pauses, and the next one is short again")
    func recovery() {
        let presence = Self.presence()
        #expect(attempt(presence, afterSeconds: 0, succeeds: false) == false)
        #expect(attempt(presence, afterSeconds: 61, succeeds: true) == true)
        #expect(attempt(presence, afterSeconds: 0, succeeds: false) == false)
        #expect(attempt(presence, afterSeconds: 61, succeeds: true) == true)
    }
}
