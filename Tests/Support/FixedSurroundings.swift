import Foundation
package import KaunterCore
import Synchronization

/// A clock that stands still until a test moves it.
package final class ManualClock: Sendable {
    private let moment: Mutex<Moment>

    /// 2024-11-07 14:58:59 in Malaysia: the moment of the published examples.
    package static let start = Moment(microseconds: 1_730_962_739_000_000)

    package init(_ moment: Moment = ManualClock.start) {
        self.moment = Mutex(moment)
    }

    /// What the clock shows.
    package var now: Moment { moment.withLock { $0 } }

    /// Moves the clock on by so many seconds.
    package func advance(seconds: Int64) {
        moment.withLock { $0 = $0.adding(seconds: seconds) }
    }

    /// Puts the clock to a moment, which may be an earlier one.
    package func set(_ moment: Moment) {
        self.moment.withLock { $0 = moment }
    }
}

/// Numbers that look random and are the same in each run (SplitMix64).
package final class SeededBytes: Sendable {
    private let state: Mutex<UInt64>

    package init(seed: UInt64) {
        state = Mutex(seed)
    }

    /// The next so many bytes.
    package func next(_ count: Int) -> [UInt8] {
        state.withLock { state in
            (0..<count).map { _ in
                state &+= 0x9e37_79b9_7f4a_7c15
                var mixed = state
                mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
                mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
                return UInt8(truncatingIfNeeded: mixed ^ (mixed >> 31))
            }
        }
    }
}

extension Surroundings {
    /// Surroundings with a manual clock and bytes from a seed. Sleeping is over at once: what a
    /// test wants to pass, it moves the clock by.
    package static func fixed(clock: ManualClock, seed: UInt64 = 1) -> Surroundings {
        let bytes = SeededBytes(seed: seed)
        return Surroundings(
            now: { clock.now },
            uuid: {
                var all = bytes.next(16)
                all[6] = all[6] & 0x0f | 0x40
                all[8] = all[8] & 0x3f | 0x80
                return all.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
            },
            randomBytes: { bytes.next($0) },
            sleep: { _ in await Task.yield() })
    }
}
