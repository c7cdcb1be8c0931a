import Foundation
import KaunterDatabase

extension Row {
    /// A UUID, stored as lower-case text.
    func uuid(_ column: String) throws(DatabaseFault) -> UUID {
        guard let uuid = UUID(uuidString: try text(column)) else {
            throw DatabaseFault(.malformed, "column \(column) holds no UUID")
        }
        return uuid
    }
}
