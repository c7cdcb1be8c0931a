package import KaunterAPI
package import KaunterStorage

/// The numbers of a store as they stand in a backup's description, and come over the socket.
extension StoreContents {
    /// The description.
    package var json: JSONObject {
        [
            "mode": .string(installation.mode.rawValue),
            "master_key": .string(installation.masterKeyID),
            "schema": .integer(schema),
            "rows": .object(JSONObject(members: rows.map { ($0.table, .integer($0.count)) })),
            "last_payment_id": lastPaymentID.map { .integer($0) } ?? .null,
            "ended": .integer(ended),
            "open_attempts": .integer(openAttempts),
            "pending_notifications": .integer(pendingNotifications),
            "keys_in_force": .integer(keysInForce),
            "busiest_day": .integer(busiestDay),
        ]
    }

    /// Reads a description; nil if it is none.
    package init?(json: JSONObject) {
        guard let mode = json["mode"]?.stringValue.flatMap(Installation.Mode.init(rawValue:)),
            let masterKey = json["master_key"]?.stringValue,
            let schema = json["schema"]?.integerValue, let rows = json["rows"]?.objectValue,
            let ended = json["ended"]?.integerValue,
            let openAttempts = json["open_attempts"]?.integerValue,
            let pending = json["pending_notifications"]?.integerValue,
            let keys = json["keys_in_force"]?.integerValue,
            let busiestDay = json["busiest_day"]?.integerValue
        else { return nil }
        let counts = rows.members.compactMap { member in
            member.value.integerValue.map { TableRows(table: member.key, count: $0) }
        }
        guard counts.count == rows.members.count else { return nil }
        self.init(
            installation: Installation(mode: mode, masterKeyID: masterKey), schema: schema,
            rows: counts, lastPaymentID: json["last_payment_id"]?.integerValue, ended: ended,
            openAttempts: openAttempts, pendingNotifications: pending, keysInForce: keys,
            busiestDay: busiestDay)
    }
}
