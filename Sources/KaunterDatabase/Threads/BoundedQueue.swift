import Foundation

/// A queue of limited length between callers who must not block and threads that may.
///
/// All state is guarded by the condition's lock, which is what the unchecked conformance stands on.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
    /// What became of an element that was offered.
    enum Admission: Sendable {
        case admitted
        case full
        case closed
    }

    private let condition = NSCondition()
    private let limit: Int
    private var incoming: [Element] = []
    /// The older half, in reverse, so that taking the oldest costs the same however long the queue
    /// is.
    private var outgoing: [Element] = []
    private var sleepers = 0
    private var isClosed = false

    /// A queue that holds at most `limit` elements, and at least one.
    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// How many wait now.
    var count: Int {
        condition.withLock { incoming.count + outgoing.count }
    }

    /// Puts an element at the end, if there is room.
    func append(_ element: Element) -> Admission {
        condition.withLock {
            if isClosed { return .closed }
            guard incoming.count + outgoing.count < limit else { return .full }
            incoming.append(element)
            if sleepers > 0 { condition.signal() }
            return .admitted
        }
    }

    /// Takes the oldest element, and waits for one. Nil when the queue is closed and empty.
    func take() -> Element? {
        take(upTo: 1).first
    }

    /// Takes all that is there, oldest first and at most `limit`, and waits for the first one.
    /// Empty when the queue is closed and has run dry.
    func take(upTo limit: Int) -> [Element] {
        condition.withLock {
            while incoming.isEmpty, outgoing.isEmpty, !isClosed {
                sleepers += 1
                condition.wait()
                sleepers -= 1
            }
            var taken: [Element] = []
            while taken.count < max(1, limit), let element = takeOldest() {
                taken.append(element)
            }
            return taken
        }
    }

    /// Lets nobody in any more. What is queued can still be taken.
    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }

    private func takeOldest() -> Element? {
        if outgoing.isEmpty {
            outgoing = incoming.reversed()
            incoming.removeAll(keepingCapacity: true)
        }
        return outgoing.popLast()
    }
}
