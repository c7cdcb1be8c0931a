public import Foundation
public import KaunterAPI

/// Tells genuine notifications from others by their Standard Webhooks headers: an alternative to
/// `sign` and `NotificationVerifier`, with a time under the signature, so that an old notification
/// can't be sent again.
///
/// Give it what arrived as it arrived. Whatever throws is to be answered with 400.
public struct WebhookVerifier: Sendable {
    /// How far a notification's time may be from ours, in seconds, either way.
    public static let toleranceSeconds: Int64 = 300

    private let keys: [StandardWebhookVerifyingKey]
    private let account: String?
    private let now: @Sendable () -> Date

    /// A verifier for an endpoint, or for the endpoints of an account that are named by URL alone.
    ///
    /// - Parameters:
    ///   - keys: The `whsec_…` or `whpk_…` from the operator; while it is rotated, both. One that
    ///     fits is enough.
    ///   - account: When given, notifications about any other account are refused.
    ///   - now: The receiver's clock, `{ Date() }` outside of tests.
    public init(
        keys: [String], expecting account: String? = nil,
        now: @escaping @Sendable () -> Date
    ) throws(KeyFault) {
        var opened: [StandardWebhookVerifyingKey] = []
        for key in keys { opened.append(try StandardWebhookVerifyingKey(key)) }
        self.keys = opened
        self.account = account
        self.now = now
    }

    /// Checks a `GET` by its raw query, without `?` and not decoded, and its headers.
    public func verify(
        query: String, headers: some Sequence<(name: String, value: String)>
    ) throws(VerificationFault) -> VerifiedWebhook {
        let signed = try check(query.utf8, headers)
        do {
            return try verified(signed, NotificationMessage(query: query))
        } catch let fault as VerificationFault {
            throw fault
        } catch {
            throw .malformed(reason: (error as? MalformedMessage)?.reason ?? "unreadable")
        }
    }

    /// Checks the raw body of a `POST` with a form, and its headers.
    public func verify(
        form: String, headers: some Sequence<(name: String, value: String)>
    ) throws(VerificationFault) -> VerifiedWebhook {
        try verify(query: form, headers: headers)
    }

    /// Checks the raw body of a `POST` with JSON, and its headers.
    public func verify(
        json: some Collection<UInt8>, headers: some Sequence<(name: String, value: String)>
    ) throws(VerificationFault) -> VerifiedWebhook {
        let signed = try check(json, headers)
        do {
            return try verified(signed, NotificationMessage(json: JSONValue(parsing: json)))
        } catch let fault as VerificationFault {
            throw fault
        } catch let fault as JSONFault {
            throw .malformed(reason: fault.reason)
        } catch {
            throw .malformed(reason: (error as? MalformedMessage)?.reason ?? "unreadable")
        }
    }

    private func check(
        _ payload: some Collection<UInt8>,
        _ fields: some Sequence<(name: String, value: String)>
    ) throws(VerificationFault) -> StandardWebhookHeaders {
        let headers: StandardWebhookHeaders
        do {
            headers = try StandardWebhookHeaders(reading: fields)
        } catch {
            throw .malformed(reason: error.reason)
        }
        guard headers.isSigned(over: payload, by: keys) else { throw .wrongSignature }
        let distance = Double(headers.timestamp) - now().timeIntervalSince1970
        guard abs(distance) <= Double(Self.toleranceSeconds) else { throw .outsideTolerance }
        return headers
    }

    private func verified(
        _ headers: StandardWebhookHeaders, _ message: NotificationMessage
    ) throws(VerificationFault) -> VerifiedWebhook {
        guard account == nil || account == message.account else { throw .otherAccount }
        return VerifiedWebhook(
            message: message, id: headers.id,
            sentAt: Date(timeIntervalSince1970: Double(headers.timestamp)))
    }
}

/// A notification whose Standard Webhooks headers are the gateway's. Only `WebhookVerifier` can
/// make one.
public struct VerifiedWebhook: Sendable, Equatable {
    /// What the gateway says.
    public let message: NotificationMessage

    /// Names the event: the same however often it is told. Whoever has dealt with it passes over
    /// the next.
    public let id: String

    /// When it was sent this time.
    public let sentAt: Date
}
