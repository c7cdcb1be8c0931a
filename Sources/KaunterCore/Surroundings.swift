package import Foundation

/// What the house takes from its surroundings: the time, identifiers, and chance. They come in as
/// values so that the whole engine runs under a simulated clock, from a seed.
package struct Surroundings: Sendable {
    /// The moment it is now, in this house: a sandbox's clock may be ahead.
    package let now: @Sendable () -> Moment
    /// The moment it is for everybody else. See `SandboxClock` for what follows which.
    package let outside: @Sendable () -> Moment
    /// A new random UUID (version 4).
    package let uuid: @Sendable () -> UUID
    /// So many random bytes, fit for secrets.
    package let randomBytes: @Sendable (Int) -> [UInt8]
    /// Waits so many seconds, or until the task is cancelled.
    package let sleep: @Sendable (_ seconds: Double) async throws -> Void
    /// Is told of each point at which a crash would hurt. Does nothing but in tests.
    package let reached: @Sendable (CrashPoint) -> Void

    package init(
        now: @escaping @Sendable () -> Moment,
        uuid: @escaping @Sendable () -> UUID,
        randomBytes: @escaping @Sendable (Int) -> [UInt8],
        sleep: @escaping @Sendable (_ seconds: Double) async throws -> Void,
        reached: @escaping @Sendable (CrashPoint) -> Void = { _ in },
        outside: (@Sendable () -> Moment)? = nil
    ) {
        self.now = now
        self.outside = outside ?? now
        self.uuid = uuid
        self.randomBytes = randomBytes
        self.sleep = sleep
        self.reached = reached
    }

    /// The same surroundings, with somebody who is told of the points.
    package func telling(_ reached: @escaping @Sendable (CrashPoint) -> Void) -> Surroundings {
        Surroundings(
            now: now, uuid: uuid, randomBytes: randomBytes, sleep: sleep, reached: reached,
            outside: outside)
    }

    /// The real world.
    package static let real = Surroundings(
        now: { Moment(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) },
        // Foundation's own opens the system's source of chance anew for each.
        uuid: {
            var generator = SystemRandomNumberGenerator()
            return UUID(random: (generator.next(), generator.next()))
        },
        // Each draw is a call of the system, and brings eight bytes.
        randomBytes: { count in
            var generator = SystemRandomNumberGenerator()
            var bytes: [UInt8] = []
            bytes.reserveCapacity(count)
            while bytes.count < count {
                let missing = count - bytes.count
                withUnsafeBytes(of: generator.next()) { drawn in
                    bytes.append(contentsOf: drawn.prefix(missing))
                }
            }
            return bytes
        },
        sleep: { seconds in try await Task.sleep(for: .seconds(seconds)) }
    )
}

extension Surroundings {
    /// The letters of references and tokens: no vowels that make words, none that look alike.
    private static let tokenLetters = Array("23456789BCDFGHJKLMNPQRSTVWXYZ")

    /// A random token of so many letters and digits: about 4.8 bits each.
    package func token(length: Int) -> String {
        // 29 letters don't divide 256: bytes from 232 on are drawn again, so that each is as
        // likely.
        var letters: [Character] = []
        while letters.count < length {
            for byte in randomBytes(length) where byte < 232 && letters.count < length {
                letters.append(Self.tokenLetters[Int(byte) % Self.tokenLetters.count])
            }
        }
        return String(letters)
    }

    /// A number from 0 up to, not including, 1.
    package func fraction() -> Double {
        let number = randomBytes(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return Double(number) / 4_294_967_296
    }
}
