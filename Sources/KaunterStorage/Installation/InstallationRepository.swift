package import KaunterCore
package import KaunterDatabase

/// What kind of store this is. Written when the store is made, and never changed: sandbox money and
/// live money must not meet.
package struct Installation: Sendable, Equatable {
    /// For trying out, or for money.
    package enum Mode: String, Sendable {
        case sandbox
        case live
    }

    package let mode: Mode
    /// The id of the master key that seals this store's secrets.
    package let masterKeyID: String

    package init(mode: Mode, masterKeyID: String) {
        self.mode = mode
        self.masterKeyID = masterKeyID
    }
}

extension Reading {
    /// The store's own row, or nil in a store that is just being made.
    package func installation() throws(DatabaseFault) -> Installation? {
        guard let row = try row("SELECT mode, master_key_id FROM installation WHERE id = 1") else {
            return nil
        }
        return Installation(mode: try row.word("mode"), masterKeyID: try row.text("master_key_id"))
    }
}

extension Writing {
    /// Makes the store what it will always be; does nothing if it is something already.
    package func found(_ installation: Installation, at now: Moment) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO installation (id, mode, master_key_id, created_at)
            VALUES (1, \(installation.mode), \(installation.masterKeyID), \(now))
            ON CONFLICT (id) DO NOTHING
            """)
    }
}
