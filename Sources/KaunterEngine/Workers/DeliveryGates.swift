import Synchronization

/// The deliveries that this process has claimed and not ended, by receiver; which of them may be
/// sent now; and which receivers are so quick that more is claimed of them ahead.
///
/// What is claimed ahead is prepared and signed while others are under way, and waits here for its
/// turn: a receiver never has more requests at once than its number.
final class DeliveryGates: Sendable {
    /// One receiver's.
    private struct Gate {
        /// Claimed here and not ended.
        var held = 0
        var sending = 0
        /// Requests at once.
        var width = 1
        /// Those that wait for their turn, the longest waiting first.
        var waiting: [CheckedContinuation<Bool, Never>] = []
        /// Accepted quickly, in a row.
        var streak = 0
        /// Counts the failures: what was claimed ahead before one is not sent after it.
        var failures = 0

        var depth: Int {
            min(DeliveryGates.depthAtMost, 1 + streak / DeliveryGates.acceptedForDepth)
        }
    }

    /// All of them.
    private struct State {
        var gates: [String: Gate] = [:]
        var held = 0
        /// Receivers of which more may be claimed since the last look.
        var hungry: Set<String> = []
    }

    /// A place in a receiver's line.
    struct Ticket: Sendable {
        let queue: String
        /// The failures when it was claimed; nil if it was not claimed ahead.
        fileprivate let failures: Int?
    }

    /// How many times its own number is claimed of a quick receiver, at most.
    private static let depthAtMost = 8
    /// Deliveries that must be accepted in a row for each step up to that.
    private static let acceptedForDepth = 16
    /// Microseconds within which an answer is quick.
    private static let quick: Int64 = 250_000
    /// Receivers remembered; when there are more, those of which nothing is under way are
    /// forgotten.
    private static let gatesAtMost = 20_000

    private let state = Mutex(State())

    /// Deliveries that are claimed and not ended.
    var held: Int { state.withLock(\.held) }

    /// The receivers of which more than their number may be claimed.
    var depths: [String: Int] {
        state.withLock { $0.gates.compactMapValues { $0.depth > 1 ? $0.depth : nil } }
    }

    /// Receivers of which more may be claimed since this was asked last.
    func takeHungry() -> Set<String> {
        state.withLock { state in
            defer { state.hungry = [] }
            return state.hungry
        }
    }

    /// Takes deliveries of one receiver in that were just claimed.
    func hold(_ count: Int, of queue: String, width: Int) -> Ticket {
        state.withLock { state in
            if state.gates.count >= Self.gatesAtMost {
                state.gates = state.gates.filter { $0.value.held > 0 }
            }
            var gate = state.gates[queue, default: Gate()]
            gate.held += count
            gate.width = width
            state.gates[queue] = gate
            state.held += count
            return Ticket(queue: queue, failures: gate.held > width ? gate.failures : nil)
        }
    }

    /// Waits until the receiver may have one more request. False when it has failed meanwhile, and
    /// this one was claimed ahead: it is not to be sent now.
    func enter(_ ticket: Ticket) async -> Bool {
        await withCheckedContinuation { waiter in
            let answer = state.withLock { state -> Bool? in
                guard var gate = state.gates[ticket.queue] else { return true }
                if let failures = ticket.failures, failures != gate.failures { return false }
                let mayGo = gate.sending < gate.width
                if mayGo { gate.sending += 1 } else { gate.waiting.append(waiter) }
                state.gates[ticket.queue] = gate
                return mayGo ? true : nil
            }
            if let answer { waiter.resume(returning: answer) }
        }
    }

    /// A request has ended that `enter` let go.
    ///
    /// - Parameter took: microseconds.
    func leave(_ ticket: Ticket, isAccepted: Bool, took: Int64) {
        let (next, refused) = state.withLock { state -> (Waiter?, [Waiter]) in
            guard var gate = state.gates[ticket.queue] else { return (nil, []) }
            gate.sending -= 1
            var (next, refused) = (Waiter?.none, [Waiter]())
            if isAccepted {
                gate.streak = took <= Self.quick ? gate.streak + 1 : 0
                if !gate.waiting.isEmpty {
                    next = gate.waiting.removeFirst()
                    gate.sending += 1
                }
            } else {
                gate.streak = 0
                gate.failures += 1
                (refused, gate.waiting) = (gate.waiting, [])
            }
            state.gates[ticket.queue] = gate
            return (next, refused)
        }
        next?.resume(returning: true)
        for waiter in refused { waiter.resume(returning: false) }
    }

    /// What `enter` let go is not sent after all.
    func leave(_ ticket: Ticket) {
        let next = state.withLock { state -> Waiter? in
            guard var gate = state.gates[ticket.queue] else { return nil }
            var next: Waiter?
            if gate.waiting.isEmpty { gate.sending -= 1 } else { next = gate.waiting.removeFirst() }
            state.gates[ticket.queue] = gate
            return next
        }
        next?.resume(returning: true)
    }

    /// A delivery has ended, or was given back. Returns whether more is to be claimed.
    func release(_ ticket: Ticket) -> Bool {
        state.withLock { state in
            state.held -= 1
            guard var gate = state.gates[ticket.queue] else { return true }
            gate.held -= 1
            let isHungry = gate.depth == 1 || gate.held * 2 <= gate.width * gate.depth
            state.gates[ticket.queue] = gate.held == 0 && gate.streak == 0 ? nil : gate
            if isHungry { state.hungry.insert(ticket.queue) }
            return isHungry
        }
    }

    private typealias Waiter = CheckedContinuation<Bool, Never>
}
