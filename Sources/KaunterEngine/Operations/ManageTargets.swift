import Foundation
package import KaunterAPI
package import KaunterCore
import KaunterStorage

extension Engine {
    /// Adds an endpoint for notifications and returns its id, with the secret under which they
    /// are signed. Outside the sandbox it must be https.
    package func addEndpoint(
        url: String, method: NotificationMethod, digest: MessageDigest?,
        fields: NotificationFields = .current, isSigned: Bool = true, concurrency: Int64? = nil,
        rate: DeliveryRate = .unlimited, of account: MerchantAccount.ID
    ) async throws -> (id: Int64, key: StandardWebhookKey) {
        let now = now
        try checkEndpoint(url)
        let made = try makeWebhookSecret()
        let id = try await storage.write { writing in
            guard try writing.reading.account(account) != nil else {
                throw Refusal.notFound("account")
            }
            let id = try writing.insertEndpoint(
                url: url, method: method, digest: digest, fields: fields, isSigned: isSigned,
                concurrency: concurrency, rate: rate, of: account, at: now)
            try writing.insert(
                made.secret(of: WebhookSecret.Place(account: account, endpoint: id), at: now))
            return id
        }
        return (id, made.key)
    }

    /// Adds a redirect for payers and returns its id.
    package func addRedirect(
        url: String, method: RedirectMethod, of account: MerchantAccount.ID
    ) async throws -> Int64 {
        let now = now
        try checkTarget(url, httpsOnly: false)
        return try await storage.write { writing in
            guard try writing.reading.account(account) != nil else {
                throw Refusal.notFound("account")
            }
            return try writing.insertRedirect(url: url, method: method, of: account, at: now)
        }
    }

    /// Fields that decide over money, which an endpoint's own query may not have: a receiver that
    /// takes the first of two would believe the address, under our signature.
    private static let ownFields: Set<String> = [
        "order_id", "payment_status", "amount", "payment_amount", "sign",
    ]

    /// Refuses an address that is none for an endpoint.
    func checkEndpoint(_ url: String) throws {
        try checkTarget(url, httpsOnly: !installation.isSandbox)
        let query = url.prefix { $0 != "#" }.drop { $0 != "?" }.dropFirst()
        let names = query.split { $0 == "&" || $0 == ";" }.map { pair in
            let name = String(pair.prefix { $0 != "=" })
            return name.removingPercentEncoding ?? name
        }
        guard Self.ownFields.isDisjoint(with: names) else {
            throw Refusal.invalidFields(
                FieldErrors(
                    "url",
                    "The query of the url may not name what a notification says: "
                        + Self.ownFields.sorted().joined(separator: ", ") + "."))
        }
    }

    /// Refuses an address to which nothing may be sent.
    func checkTarget(_ url: String, httpsOnly: Bool) throws {
        switch WebAddress.parse(url) {
        case .success(let address) where httpsOnly && !address.isSecure:
            throw Refusal.invalidFields(FieldErrors("url", "The url must use https."))
        case .success:
            return
        case .failure(.tooLong):
            throw Refusal.invalidFields(
                FieldErrors(
                    "url", "The url may not be longer than \(Limits.urlCharacters) characters."))
        case .failure(.notAWebAddress):
            throw Refusal.invalidFields(
                FieldErrors("url", "The url must be an absolute http or https address."))
        }
    }
}
