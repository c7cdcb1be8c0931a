import Testing

@testable import KaunterEngine

@Suite("Bell")
struct BellTests {
    @Test("a ring that nobody waits for is kept for the next who waits")
    func kept() async {
        let bell = Bell()
        bell.ring()
        bell.ring()
        await bell.wait()
    }

    @Test("a sleeper is woken by the next ring, each time")
    func wakes() async {
        let bell = Bell()
        for _ in 0..<1_000 {
            async let sleeping: Void = bell.wait()
            bell.ring()
            await sleeping
        }
    }
}
