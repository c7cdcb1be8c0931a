import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

/// How receivers of notifications are doing.
extension ControlDesk {
    /// Receivers in one answer.
    private static let receiversAtMost = 1_000
    private static let queueCharacters = 100

    /// Those that fail, are paused or disabled; nothing is known of those that have never failed.
    func listReceivers(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.value("account") == nil ? nil : fields.account()
        try fields.check()
        let receivers = try await engine.reader.read {
            try $0.troubledReceivers(of: account, limit: Self.receiversAtMost)
        }
        return ["receivers": .array(receivers.map(\.json))]
    }

    func pauseReceiver(_ fields: inout FieldReader) async throws -> JSONValue {
        let queue = fields.requiredText("receiver", atMost: Self.queueCharacters)
        try fields.check()
        return try await engine.pauseReceiver(queue ?? "").json
    }

    func resumeReceiver(_ fields: inout FieldReader) async throws -> JSONValue {
        let queue = fields.requiredText("receiver", atMost: Self.queueCharacters)
        try fields.check()
        return try await engine.resumeReceiver(queue ?? "").json
    }
}

extension KnownReceiver {
    fileprivate var json: JSONValue {
        [
            "receiver": .string(queue), "account": .string(account.rawValue.text),
            "address": .string(address), "state": .string(health.state.rawValue),
            "failures": .integer(health.failures),
            "failing_since": .optional(health.failingSince?.malaysianText),
            "rest_until": .optional(health.restUntil?.malaysianText),
            "changed_at": .string(changedAt.malaysianText),
        ]
    }
}
