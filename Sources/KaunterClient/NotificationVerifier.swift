public import KaunterAPI

/// Tells genuine notifications and redirects from others, with the account's notification key.
///
/// Give it what arrived as it arrived. Everything that is missing, doubled or in an unknown form is
/// an error: answer such a request with 400 and do nothing.
public struct NotificationVerifier: Sendable {
    private let key: VerifyingKey
    private let account: String?
    private let isSHA256Only: Bool

    /// A verifier for the notification key of an account.
    ///
    /// - Parameters:
    ///   - publicPEM: The `public.pem` that the operator gave for notifications.
    ///   - account: When given, notifications about any other account are refused.
    ///   - isSHA256Only: Whether signatures with SHA-1, the protocol's default, are refused.
    public init(
        publicPEM: String,
        expecting account: String? = nil,
        isSHA256Only: Bool = false,
    ) throws(KeyFault) {
        self.key = try VerifyingKey(publicPEM: publicPEM)
        self.account = account
        self.isSHA256Only = isSHA256Only
    }

    /// Checks the raw query of a `GET`, without `?` and not decoded.
    public func verify(query: String) throws(VerificationFault) -> VerifiedNotification {
        let notification: SignedNotification
        do {
            notification = try SignedNotification(query: query)
        } catch {
            throw .malformed(reason: error.reason)
        }
        return try verify(notification)
    }

    /// Checks the raw body of a `POST` with a form.
    public func verify(form: String) throws(VerificationFault) -> VerifiedNotification {
        try verify(query: form)
    }

    /// Checks the raw body of a `POST` with JSON.
    public func verify(
        json: some Collection<UInt8>
    ) throws(VerificationFault) -> VerifiedNotification {
        let notification: SignedNotification
        do {
            notification = try SignedNotification(json: JSONValue(parsing: json))
        } catch let fault as JSONFault {
            throw .malformed(reason: fault.reason)
        } catch {
            throw .malformed(reason: (error as? MalformedMessage)?.reason ?? "unreadable")
        }
        return try verify(notification)
    }

    /// Checks the fields that the payer's browser brought: the body of a form, or a raw query.
    ///
    /// Throws `.unsigned` when there is no signature, which is so for payments that are not paid,
    /// unless the account asks for it always.
    public func verifyRedirect(form: String) throws(VerificationFault) -> VerifiedRedirect {
        let redirect: SignedRedirect
        do {
            redirect = try SignedRedirect(form: form)
        } catch {
            throw .malformed(reason: error.reason)
        }
        guard let sign = redirect.sign else { throw .unsigned }
        let digest = try digest(of: sign, over: redirect.message.signedText)
        return VerifiedRedirect(message: redirect.message, digest: digest)
    }

    private func verify(
        _ notification: SignedNotification
    ) throws(VerificationFault) -> VerifiedNotification {
        let message = notification.message
        let digest = try digest(of: notification.sign, over: message.signedText)
        guard account == nil || account == message.account else { throw .otherAccount }
        return VerifiedNotification(message: message, digest: digest)
    }

    private func digest(
        of sign: String, over text: String
    ) throws(VerificationFault) -> SignatureDigest {
        guard let signature = SignatureText.decode(sign),
            let digest = key.isValid(
                signature: signature, for: Array(text.utf8), sha256Only: isSHA256Only)
        else {
            throw .wrongSignature
        }
        return digest
    }
}
