import KaunterCore

/// What the actors of a world are going to do, by time.
struct Agenda {
    /// Something to be done.
    typealias Act = @Sendable (World) async -> Void

    private struct Entry {
        let at: Moment
        let act: Act
    }

    /// The next one last.
    private var entries: [Entry] = []

    /// When the next thing is to be done.
    var nextAt: Moment? { entries.last?.at }

    var count: Int { entries.count }

    /// Of two things at the same moment the one that was added first is first.
    mutating func add(at moment: Moment, _ act: @escaping Act) {
        let index = entries.lastIndex { $0.at > moment }.map { $0 + 1 } ?? 0
        entries.insert(Entry(at: moment, act: act), at: index)
    }

    mutating func takeNext() -> Act? {
        entries.popLast()?.act
    }

    mutating func clear() {
        entries = []
    }
}
