import Foundation
import KaunterAPI
import KaunterCore
import Synchronization

/// Opened keys, so that none is parsed twice: parsing a public key costs as much as a third of a
/// verification, and opening a private one more than a signature.
///
/// A key never changes under its id. Which keys count is asked of the database, so the ring needs
/// no news of revocations.
package final class KeyRing: Sendable {
    package let master: MasterKey
    private let verifying = Mutex<[AccountKey.ID: VerifyingKey]>([:])
    private let signing = Mutex<[AccountKey.ID: NotificationSigner]>([:])
    private let webhooks = Mutex<[WebhookSecret.ID: StandardWebhookKey]>([:])
    private let signatures = Mutex<[Signed: String]>([:])

    /// What was signed, with what.
    private struct Signed: Hashable {
        let key: AccountKey.ID
        let digest: MessageDigest
        let text: String
    }

    /// Opened keys of each kind; beyond that the ring starts anew.
    private static let keysAtMost = 20_000

    package init(master: MasterKey) {
        self.master = master
    }

    /// The opened public key.
    func verifyingKey(of key: AccountKey) throws(KeyFault) -> VerifyingKey {
        if let known = verifying.withLock({ $0[key.id] }) { return known }
        let opened = try VerifyingKey(publicPEM: key.publicPEM)
        verifying.withLock { keys in
            if keys.count >= Self.keysAtMost { keys.removeAll() }
            keys[key.id] = opened
        }
        return opened
    }

    /// The opened private key of a notification key pair, from its sealed form.
    private func signer(of id: AccountKey.ID, sealed: String) throws -> NotificationSigner {
        if let known = signing.withLock({ $0[id] }) { return known }
        let pem = try master.open(sealed, context: Self.context(of: id))
        let opened = try NotificationSigner(privatePEM: pem)
        signing.withLock { keys in
            if keys.count >= Self.keysAtMost { keys.removeAll() }
            keys[id] = opened
        }
        return opened
    }

    /// A signature of a text that is signed once.
    func sign(
        _ text: String, by id: AccountKey.ID, sealed: String, _ digest: MessageDigest
    ) throws -> String {
        try signer(of: id, sealed: sealed).sign(text, digest)
    }

    /// The signature of a text, kept: a page that is looked at again is not signed again. PKCS#1
    /// v1.5 gives the same one each time.
    func signature(
        of text: String, by id: AccountKey.ID, sealed: String, _ digest: MessageDigest
    ) throws -> String {
        let signed = Signed(key: id, digest: digest, text: text)
        if let known = signatures.withLock({ $0[signed] }) { return known }
        let made = try signer(of: id, sealed: sealed).sign(text, digest)
        signatures.withLock { signatures in
            if signatures.count >= Self.keysAtMost { signatures.removeAll() }
            signatures[signed] = made
        }
        return made
    }

    /// The opened form of a webhook secret; `open` makes it where it is not kept yet.
    func webhookKey(
        _ id: WebhookSecret.ID, open: () throws -> StandardWebhookKey
    ) rethrows -> StandardWebhookKey {
        if let known = webhooks.withLock({ $0[id] }) { return known }
        let opened = try open()
        webhooks.withLock { keys in
            if keys.count >= Self.keysAtMost { keys.removeAll() }
            keys[id] = opened
        }
        return opened
    }

    /// The sealed form of a new notification key pair's private half.
    func seal(_ key: SigningKey, id: AccountKey.ID) throws -> String {
        try master.seal(Array(key.privatePEM.utf8), context: Self.context(of: id))
    }

    /// A sealed key opens only as the key it is: it can't be put in another's place.
    private static func context(of id: AccountKey.ID) -> String {
        "notification-key:\(id.rawValue.text)"
    }
}
