package import Foundation
package import KaunterCore
import KaunterStorage

extension Engine {
    /// The payer leaves it at that: `cancel`, or `fail` after a decline. Refused while an attempt
    /// is open at the rail (contract §3).
    package func leavePayment(_ payment: UUID) async throws -> Payment {
        try await apply(.payerLeft, rail: "") { try $0.lockPayment(uuid: payment) }
    }

    /// Ends a payment whose time is over, if nothing can come any more.
    func expirePayment(_ payment: Payment.ID) async throws -> Payment {
        try await apply(.timeCame, rail: "") { try $0.lockPayment(payment) }
    }
}
