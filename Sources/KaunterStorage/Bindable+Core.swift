import KaunterCore
package import KaunterDatabase

// Words and identifiers of the core that go into SQL as they are: their raw values.

extension Merchant.ID: Bindable {}
extension MerchantAccount.ID: Bindable {}
extension AccountKey.ID: Bindable {}
extension Payment.ID: Bindable {}
extension Currency: Bindable {}
extension PartialMoney: Bindable {}
extension MessageDigest: Bindable {}
extension RedirectMethod: Bindable {}
extension RedirectSign: Bindable {}
extension NotificationMethod: Bindable {}
extension EventType: Bindable {}
extension NotificationFields: Bindable {}
extension WebhookSecret.ID: Bindable {}
extension ReceiverHealth.State: Bindable {}
extension AccountKey.Role: Bindable {}
extension AccountKey.Origin: Bindable {}
extension PaymentStatus: Bindable {}
extension AccountCode: Bindable {}
extension TransferReason: Bindable {}
extension Transfer.Phase: Bindable {}
extension Terms.RefundFee: Bindable {}
extension Payout.ID: Bindable {}
extension Approval.State: Bindable {}
extension Payout.Stage: Bindable {}
extension PayoutRecord.Kind: Bindable {}
extension Service: Bindable {}
extension Attempt.State: Bindable {}
extension SuspenseEntry.Reason: Bindable {}
extension PaymentRecord.Kind: Bindable {}
extension Installation.Mode: Bindable {}

extension Moment: Bindable {
    /// Microseconds since 1970, UTC.
    package var databaseValue: Value { .integer(microseconds) }
}
