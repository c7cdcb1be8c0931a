import KaunterCore
import Testing

@Suite("A receiver's health")
struct ReceiverHealthTests {
    private static let start = Moment(microseconds: 1_700_000_000_000_000)

    /// Events → state, failures, rest in seconds. `ok`, a code, `!` for no answer,
    /// `code/retry-after`; each a second after the one before.
    private static let stories: [(String, String)] = [
        ("ok", "healthy 0 -"), ("500", "healthy 1 -"), ("500 500", "healthy 2 -"),
        ("500 500 500", "failing 3 5"), ("! ! !", "failing 3 5"),
        ("500 500 ok 500 500", "healthy 2 -"),
        ("500 500 500 500", "failing 4 10"), ("500 500 500 500 500", "failing 5 30"),
        ("500 500 500 500 500 500", "failing 6 60"),
        ("500 500 500 500 500 500 500", "failing 7 300"),
        ("500 500 500 500 500 500 500 500", "failing 8 300"),
        ("500 500 500 ok", "healthy 0 -"), ("410", "disabled 1 -"), ("410 ok", "disabled 0 -"),
        ("410 500 500 500 500", "disabled 5 -"),
        ("503/7", "healthy 1 7"), ("429/0", "healthy 1 0"), ("503/7 ok", "healthy 0 -"),
        // What it asks for is honoured for an hour at most, and never shortens a rest.
        ("503/999999999", "healthy 1 3600"), ("500 500 500/2", "failing 3 5"),
        ("500 500 500/60", "failing 3 60"),
    ]

    @Test("events lead to states and rests", arguments: stories)
    func table(_ story: String, _ expected: String) {
        var health = ReceiverHealth()
        var now = Self.start
        for word in story.split(separator: " ") {
            now = now.adding(seconds: 1)
            if word == "ok" {
                _ = health.accepted()
            } else {
                let parts = word.split(separator: "/")
                health.failed(
                    code: Int(parts[0]) ?? 0,
                    retryAfterSeconds: parts.count > 1 ? Int64(parts[1]) : nil, at: now)
            }
        }
        let rest = health.restUntil.map { "\($0.secondsSince(now))" } ?? "-"
        #expect("\(health.state.rawValue) \(health.failures) \(rest)" == expected)
    }

    @Test("only the acceptance that ends failing opens it for all that wait")
    func opens() {
        var health = ReceiverHealth()
        var opened = [health.accepted()]
        health.failed(code: 500, retryAfterSeconds: nil, at: Self.start)
        opened.append(health.accepted())
        for _ in 0..<3 { health.failed(code: 500, retryAfterSeconds: nil, at: Self.start) }
        opened.append(health.accepted())
        opened.append(health.accepted())
        #expect(opened == [false, false, true, false])
    }

    @Test("after 120 hours of failing it is disabled, and not a second before")
    func disabled() {
        var health = ReceiverHealth()
        health.failed(code: 0, retryAfterSeconds: nil, at: Self.start)
        let last = Self.start.adding(seconds: 120 * 3600)
        for _ in 0..<5 {
            health.failed(code: 0, retryAfterSeconds: nil, at: last.adding(seconds: -1))
        }
        #expect(health.state == .failing)
        health.failed(code: 0, retryAfterSeconds: nil, at: last)
        #expect(health.state == .disabled)
        health.resume()
        #expect(health == ReceiverHealth())
    }

    @Test("a pause outlasts what was under way when it began")
    func paused() {
        var health = ReceiverHealth(state: .paused)
        let opened = health.accepted()
        #expect(!opened)
        #expect(health.state == .paused)
        for _ in 0..<5 { health.failed(code: 410, retryAfterSeconds: 9, at: Self.start) }
        #expect(health.state == .paused)
        #expect(health.restUntil == nil)
    }
}
