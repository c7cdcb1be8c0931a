import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import KaunterEngine

@Suite("Looking names up", .timeLimit(.minutes(1)))
struct ResolverTests {
    /// Deliveries of one account that are under way at once, and the look-ups of those before them,
    /// for which the system still waits.
    private static let hanging = 128

    @Test("names of one account that hang hold up nobody else's")
    func hanging() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let gate = DispatchSemaphore(value: 0)
        let good = try #require(NetworkAddress("192.0.2.1"))
        let resolver = Resolver(loops: group) { name in
            if name.hasPrefix("hang") { gate.wait() }
            return [good]
        }
        await withTaskGroup(of: Bool.self) { tasks in
            for number in 0..<Self.hanging {
                tasks.addTask {
                    let found = try? await resolver.addresses(
                        of: "hang\(number).example", until: .now() + .seconds(2))
                    return found != nil
                }
            }
            // They have their threads, or wait for one, before the next one asks.
            try? await Task.sleep(for: .milliseconds(500))
            let found = try? await resolver.addresses(
                of: "shop.example", until: .now() + .seconds(10))
            #expect(found == [good])
            for await isFound in tasks { #expect(!isFound) }
        }
        for _ in 0..<Self.hanging { gate.signal() }
        resolver.close()
        try await group.shutdownGracefully()
    }
}
