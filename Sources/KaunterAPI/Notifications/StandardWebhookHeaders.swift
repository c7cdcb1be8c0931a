/// The headers of Standard Webhooks 1.0.0 that go with a notification
/// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
public struct StandardWebhookHeaders: Sendable, Equatable {
    /// The header with the event's id.
    public static let idName = "webhook-id"
    /// The header with the moment of the try.
    public static let timestampName = "webhook-timestamp"
    /// The header with the signatures.
    public static let signatureName = "webhook-signature"

    /// The most bytes of an id from outside.
    static let idBytes = 256
    /// The most bytes of a header of signatures from outside, and the most signatures in it.
    static let signatureBytes = 8192
    static let signatures = 32

    /// Names the event: the same for every try.
    public let id: String

    /// Unix seconds of this try.
    public let timestamp: Int64

    /// The signatures, each with its kind, as `v1,…` and `v1a,…`, with a space between two.
    public let signature: String

    /// Headers from their parts.
    public init(id: String, timestamp: Int64, signature: String) {
        self.id = id
        self.timestamp = timestamp
        self.signature = signature
    }

    /// Finds the headers among those of a request, whatever the case of their names.
    ///
    /// Throws when one is missing, comes twice, is longer than a limit, or when the timestamp is no
    /// whole number in its one form.
    public init(
        reading fields: some Sequence<(name: String, value: String)>
    ) throws(MalformedMessage) {
        var found: [String: String] = [:]
        for (name, value) in fields {
            let name = name.lowercased()
            guard [Self.idName, Self.timestampName, Self.signatureName].contains(name) else {
                continue
            }
            guard found.updateValue(value, forKey: name) == nil else {
                throw MalformedMessage(reason: "\(name) comes twice")
            }
        }
        let id = try Self.value(Self.idName, in: found)
        let seconds = try Self.value(Self.timestampName, in: found)
        let signature = try Self.value(Self.signatureName, in: found)
        guard id.utf8.count <= Self.idBytes, signature.utf8.count <= Self.signatureBytes else {
            throw MalformedMessage(reason: "a header is too long")
        }
        guard let timestamp = Int64(seconds), String(timestamp) == seconds else {
            throw MalformedMessage(reason: "\(Self.timestampName) is not a whole number")
        }
        self.init(id: id, timestamp: timestamp, signature: signature)
    }

    private static func value(
        _ name: String, in found: [String: String]
    ) throws(MalformedMessage) -> String {
        guard let value = found[name], !value.isEmpty else {
            throw MalformedMessage(reason: "\(name) is missing")
        }
        return value
    }

    /// The headers' names and values, in the specification's order.
    public var fields: [(name: String, value: String)] {
        [
            (Self.idName, id), (Self.timestampName, String(timestamp)),
            (Self.signatureName, signature),
        ]
    }

    /// Whether one of the signatures is good, under one of the keys, for a body that came with
    /// these headers. The time is not looked at.
    public func isSigned(
        over payload: some Sequence<UInt8>, by keys: [StandardWebhookVerifyingKey]
    ) -> Bool {
        let content = Self.content(id: id, timestamp: timestamp, payload: payload)
        return signature.split(separator: " ").prefix(Self.signatures).contains { signature in
            keys.contains { $0.isValid(signature: signature, for: content) }
        }
    }

    /// What is signed: `id.timestamp.payload`.
    static func content(
        id: String, timestamp: Int64, payload: some Sequence<UInt8>
    ) -> [UInt8] {
        Array("\(id).\(timestamp).".utf8) + payload
    }
}
