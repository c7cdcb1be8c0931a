import Foundation
import KaunterAPI
package import KaunterCore
import KaunterDatabase
import KaunterStorage

/// Where a payer goes once the payment is final, and what the browser brings along (contract §5).
package struct PayerRedirect: Sendable {
    /// A field of the form or query.
    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    package let url: String
    package let method: RedirectMethod
    /// In order.
    package let fields: [Field]

    /// The URL with the fields behind its own query: for a browser that goes there by GET.
    package let address: String
}

extension Engine {
    /// The redirect of a final payment; nil when the merchant named none, or while it waits.
    package func redirect(of payment: Payment) async throws -> PayerRedirect? {
        guard payment.status.isFinal else { return nil }
        guard let plan = try await reader.read({ try $0.redirectPlan(of: payment) }) else {
            return nil
        }
        let message = RedirectMessage(
            orderID: payment.orderID, uuid: payment.uuid.text)
        // Else a payer who cancelled could show a genuine signature to the success page.
        let isSigned = payment.status == .paid || plan.settings.redirectSign == .always
        let sign =
            isSigned
            ? try await sign(message.signedText, for: payment.account, plan.settings.digest) : nil
        let fields = message.fields(sign: sign).map {
            PayerRedirect.Field(name: $0.name, value: $0.value)
        }
        return PayerRedirect(
            url: plan.url, method: plan.method, fields: fields,
            address: plan.url.appending(query: message.query(sign: sign)))
    }

    /// A signature of the account's notification key. PKCS#1 v1.5 gives the same one each time.
    func sign(
        _ text: String, for account: MerchantAccount.ID, _ digest: MessageDigest
    ) async throws -> String {
        let now = now
        let (key, sealed) = try await reader.read { reading in
            guard
                let key = try reading.activeKeys(of: account, role: .notification, at: now).first,
                let sealed = try reading.sealedPrivateKey(of: key.id)
            else {
                throw DatabaseFault(.malformed, "an account without a notification key")
            }
            return (key, sealed)
        }
        return try keys.signature(of: text, by: key.id, sealed: sealed, digest)
    }
}

/// Where the payer goes, and the account's wishes about it.
private struct RedirectPlan {
    let url: String
    let method: RedirectMethod
    let settings: MerchantAccount.Settings
}

extension Reading {
    /// The URL named in the payment wins over the redirect that an id names.
    fileprivate func redirectPlan(of payment: Payment) throws -> RedirectPlan? {
        guard let settings = try account(payment.account)?.settings else { return nil }
        let targets = payment.targets
        let isPaid = payment.status == .paid
        if let url = isPaid ? targets.successRedirectURL : targets.failRedirectURL {
            return RedirectPlan(url: url, method: settings.redirectMethod, settings: settings)
        }
        guard let id = isPaid ? targets.successRedirectID : targets.failRedirectID,
            let redirect = try redirect(id, of: payment.account)
        else { return nil }
        return RedirectPlan(url: redirect.url, method: redirect.method, settings: settings)
    }
}
