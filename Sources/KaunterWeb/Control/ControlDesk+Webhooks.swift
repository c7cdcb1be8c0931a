import KaunterAPI
import KaunterCore
import KaunterEngine

extension ControlDesk {
    /// The current secret of an endpoint, or of an account's receivers that are named by URL.
    func showWebhookKey(_ fields: inout FieldReader) async throws -> JSONValue {
        let place = try await webhookPlace(&fields)
        let act = try webhookRecord(.showWebhookKey, of: place, [:], &fields)
        return .object(json(try await engine.webhookKey(of: place, act: act)))
    }

    func rotateWebhookKey(_ fields: inout FieldReader) async throws -> JSONValue {
        let hours = fields.integer("overlap_hours") ?? Engine.overlapHoursDefault
        if !Engine.overlapHours.contains(hours) {
            fields.refuse(
                "overlap_hours",
                "The overlap_hours must be \(Engine.overlapHours.lowerBound) to "
                    + "\(Engine.overlapHours.upperBound).")
        }
        let place = try await webhookPlace(&fields)
        let act = try webhookRecord(
            .rotateWebhookKey, of: place, ["overlap_hours": .integer(hours)], &fields)
        let rotated = try await engine.rotateWebhookKey(
            of: place, overlapSeconds: hours * 3_600, act: act)
        var answer = json(rotated.key)
        answer["old_ends_at"] = .string(rotated.oldEndsAt.malaysianText)
        return .object(answer)
    }

    /// The two texts that a receiver may verify with.
    func json(_ key: StandardWebhookKey) -> JSONObject {
        ["secret": .string(key.secretText), "public_key": .string(key.publicText)]
    }

    /// An endpoint, or an account: one of them is named.
    private func webhookPlace(
        _ fields: inout FieldReader
    ) async throws -> WebhookSecret.Place {
        if let id = fields.integer("endpoint") {
            if fields.value("account") != nil {
                fields.refuse("account", "Name an account or an endpoint, not both.")
            }
            try fields.check()
            return try await engine.webhookPlace(ofEndpoint: id)
        }
        try fields.check()
        guard let account = fields.account() else { throw Refusal.invalidFields(fields.errors) }
        return WebhookSecret.Place(account: account, endpoint: nil)
    }

    /// A live store has these acts on record, with a reason; in a sandbox one may be given.
    private func webhookRecord(
        _ act: ControlAct, of place: WebhookSecret.Place, _ detail: JSONObject,
        _ fields: inout FieldReader
    ) throws -> ActRecord? {
        guard fields.value("reason") != nil || !engine.installation.isSandbox else { return nil }
        let subject = place.endpoint.map { "endpoint \($0)" } ?? subject(place.account)
        return try record(act, of: subject, detail, &fields)
    }
}
