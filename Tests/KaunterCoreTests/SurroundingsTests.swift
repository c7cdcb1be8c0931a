import Foundation
import KaunterCore
import Synchronization
import Testing

@Suite("Chance from surroundings")
struct SurroundingsTests {
    /// Random bytes that were written down, one after the other, and zeros when they are used up.
    private final class Script: Sendable {
        private let bytes: Mutex<[UInt8]>

        init(_ bytes: [UInt8]) {
            self.bytes = Mutex(bytes)
        }

        func next(_ count: Int) -> [UInt8] {
            bytes.withLock { bytes in
                let taken = Array(bytes.prefix(count))
                bytes.removeFirst(taken.count)
                return taken + Array(repeating: 0, count: count - taken.count)
            }
        }
    }

    private static func surroundings(_ bytes: [UInt8]) -> Surroundings {
        let script = Script(bytes)
        return Surroundings(
            now: { Moment(microseconds: 0) }, uuid: { UUID() },
            randomBytes: { script.next($0) }, sleep: { _ in })
    }

    private static let letters = "23456789BCDFGHJKLMNPQRSTVWXYZ"

    @Test("each letter of a token is one byte, by its remainder")
    func token() {
        let bytes = Array(UInt8(0)...28)
        #expect(Self.surroundings(bytes).token(length: 29) == Self.letters)
        #expect(Self.surroundings([29, 30, 231]).token(length: 3) == "23Z")
    }

    @Test("bytes that would favour some letters are drawn again")
    func fairness() {
        #expect(Self.surroundings([232, 255, 1, 250, 2]).token(length: 3) == "342")
        #expect(Self.surroundings([232, 233, 234, 0, 1, 2]).token(length: 3) == "234")
        var counts: [Character: Int] = [:]
        for byte in UInt8.min...231 {
            for letter in Self.surroundings([byte]).token(length: 1) {
                counts[letter, default: 0] += 1
            }
        }
        #expect(Set(counts.values) == [8])
        #expect(counts.count == 29)
    }

    @Test("tokens have the length that was asked for", arguments: [0, 1, 20, 64])
    func lengths(length: Int) {
        let token = Surroundings.real.token(length: length)
        #expect(token.count == length)
        #expect(token.allSatisfy { Self.letters.contains($0) })
    }

    @Test("real tokens and identifiers differ from each other")
    func distinct() {
        #expect(Set((0..<100).map { _ in Surroundings.real.token(length: 20) }).count == 100)
        #expect(Surroundings.real.uuid() != Surroundings.real.uuid())
    }

    @Test("a fraction is four bytes of 2³², from 0 up to but not including 1")
    func fraction() {
        #expect(Self.surroundings([0, 0, 0, 0]).fraction() == 0)
        #expect(Self.surroundings([0x80, 0, 0, 0]).fraction() == 0.5)
        #expect(Self.surroundings([0, 0, 0, 1]).fraction() == 0x1p-32)
        #expect(Self.surroundings([255, 255, 255, 255]).fraction() < 1)
        #expect(Self.surroundings([255, 255, 255, 255]).fraction() > 0.999_999_999)
    }
}
