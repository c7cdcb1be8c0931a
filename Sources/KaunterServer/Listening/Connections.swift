import Metrics
import Synchronization

/// All connections of one address: how many there are, and which of them can be spared.
///
/// At the limit a new connection takes the place of the one that has been idle longest: strangers
/// who open connections and say nothing shut nobody out. Where none is idle, the new one is told to
/// come back.
final class Connections: Sendable {
    /// What a new connection gets.
    enum Entry: Equatable {
        /// A place, under this number.
        case seated(Int)
        /// No place: it is answered, and closed.
        case turnedAway(Int)
        /// No place, and no answer: even those who are turned away are too many.
        case refused
    }

    /// One connection.
    fileprivate struct Seat {
        let close: @Sendable () -> Void
        /// The turn at which it fell idle; nil while it has a request.
        var idleTurn: Int?
        let isTurnedAway: Bool
    }

    /// Who is here.
    fileprivate struct State {
        var seats: [Int: Seat] = [:]
        var turnedAway = 0
        var lastNumber = 0
        /// Who fell idle, in order. An entry counts only while the seat's turn is still this one.
        var idle: [(number: Int, turn: Int)] = []
        var idleStart = 0
        var lastTurn = 0
        var isDraining = false
    }

    /// Connections that may be told at once to come back; each lasts a second or so.
    private static let turnedAwayAtMost = 512

    let limit: Int
    private let state = Mutex(State())
    private let open = Gauge(label: "kaunter_http_connections")
    private let evicted = Counter(label: "kaunter_http_connections_evicted_total")
    private let shed = Counter(
        label: "kaunter_http_shed_total", dimensions: [("reason", "connections")])

    init(limit: Int) {
        self.limit = limit
    }

    /// Whether answers are to end their connections.
    var isDraining: Bool { state.withLock { $0.isDraining } }

    /// From now on every answer is the last of its connection.
    func drain() {
        state.withLock { $0.isDraining = true }
    }

    /// Takes a connection in. It counts as idle until it has a request.
    ///
    /// - Parameter close: ends the connection; may be called from any thread.
    func enter(_ close: @escaping @Sendable () -> Void) -> Entry {
        var spared: Seat?
        let entry = state.withLock { state -> Entry in
            state.lastNumber += 1
            let number = state.lastNumber
            if state.seats.count - state.turnedAway >= limit { spared = state.removeLongestIdle() }
            guard state.seats.count - state.turnedAway < limit else {
                guard state.turnedAway < Self.turnedAwayAtMost else { return .refused }
                state.turnedAway += 1
                state.seats[number] = Seat(close: close, idleTurn: nil, isTurnedAway: true)
                return .turnedAway(number)
            }
            state.seats[number] = Seat(close: close, idleTurn: nil, isTurnedAway: false)
            state.rest(number)
            return .seated(number)
        }
        if let spared {
            evicted.increment()
            spared.close()
        }
        if case .seated = entry { open.record(count) } else { shed.increment() }
        return entry
    }

    /// Says that a connection has a request. False if it has just lost its place.
    func work(_ number: Int) -> Bool {
        state.withLock { state in
            guard state.seats[number] != nil else { return false }
            state.seats[number]?.idleTurn = nil
            return true
        }
    }

    /// Says that a connection has answered everything.
    func rest(_ number: Int) {
        state.withLock { $0.rest(number) }
    }

    /// Forgets a connection that is closed. A second time it does nothing.
    func leave(_ number: Int) {
        let isGone = state.withLock { state -> Bool in
            guard let seat = state.seats.removeValue(forKey: number) else { return false }
            if seat.isTurnedAway { state.turnedAway -= 1 }
            return true
        }
        if isGone { open.record(count) }
    }

    private var count: Int { state.withLock { $0.seats.count - $0.turnedAway } }
}

extension Connections.State {
    /// Puts a connection at the end of those who are idle.
    fileprivate mutating func rest(_ number: Int) {
        guard seats[number] != nil else { return }
        lastTurn += 1
        seats[number]?.idleTurn = lastTurn
        idle.append((number, lastTurn))
        forgetOldEntries()
    }

    /// Takes its place from the connection that has been idle longest, if one is idle.
    fileprivate mutating func removeLongestIdle() -> Connections.Seat? {
        while idleStart < idle.count {
            let entry = idle[idleStart]
            idleStart += 1
            guard seats[entry.number]?.idleTurn == entry.turn else { continue }
            return seats.removeValue(forKey: entry.number)
        }
        return nil
    }

    /// Each request leaves an entry that no longer counts: now and then they are swept out, so that
    /// there are never many more entries than connections.
    private mutating func forgetOldEntries() {
        guard idle.count > 2 * seats.count + 1_024 else { return }
        idle = idle[idleStart...].filter { seats[$0.number]?.idleTurn == $0.turn }
        idleStart = 0
    }
}
