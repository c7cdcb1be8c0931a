import Foundation

extension UUID {
    /// A random UUID (version 4) of these bits: RFC 9562, section 5.4.
    init(random bits: (UInt64, UInt64)) {
        let high = bits.0 & 0xffff_ffff_ffff_0fff | 0x4000
        let low = bits.1 & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        let byte = { (word: UInt64, index: UInt64) in
            UInt8(truncatingIfNeeded: word >> (8 * (7 - index)))
        }
        self.init(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4),
                byte(high, 5), byte(high, 6), byte(high, 7), byte(low, 0), byte(low, 1),
                byte(low, 2), byte(low, 3), byte(low, 4), byte(low, 5), byte(low, 6),
                byte(low, 7)
            ))
    }
}
