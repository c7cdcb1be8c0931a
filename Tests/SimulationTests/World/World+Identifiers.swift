import Foundation
import TestSupport

extension World {
    /// A UUID from the seed.
    func drawUUID() -> UUID {
        var all = bytes.next(16)
        all[6] = all[6] & 0x0f | 0x40
        all[8] = all[8] & 0x3f | 0x80
        return all.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
