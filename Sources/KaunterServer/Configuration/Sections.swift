import KaunterAPI
import KaunterCore

/// Where the house listens, and how it is called from outside.
package struct ListenConfiguration: Sendable, Equatable {
    /// The address of API and pages.
    package var address = ListenAddress(host: "127.0.0.1", port: 8080)
    /// `http(s)://host[:port]`; nil is `http://` and the address.
    package var publicURL: String?
    /// An address for `/metrics` alone; nil leaves it with the rest.
    package var metricsAddress: ListenAddress?
    /// Connections that are open at once; at the limit the one that is idle longest makes room.
    package var connections = 4096
    /// Seconds from the signal to stop until nothing new is taken in: a balancer notices meanwhile.
    package var drainSeconds = 0

    static let connectionsRange = 16...100_000
    static let drainRange = 0...300

    mutating func read(_ reader: inout SectionReader) {
        if let text = reader.text("address", nil) {
            if let parsed = ListenAddress(text) {
                address = parsed
            } else {
                reader.refuse("address", "must be HOST:PORT")
            }
        }
        if let text = reader.text("public_url", nil) {
            if let parsed = PublicURL.parse(text) {
                publicURL = parsed
            } else {
                reader.refuse("public_url", PublicURL.rule)
            }
        }
        if let text = reader.text("metrics_address", nil) {
            metricsAddress = ListenAddress(text)
            if metricsAddress == nil { reader.refuse("metrics_address", "must be HOST:PORT") }
        }
        connections = reader.integer("connections", connections, within: Self.connectionsRange)
        drainSeconds = reader.integer("drain_seconds", drainSeconds, within: Self.drainRange)
    }

    static let example = JSONValue.object(
        JSONObject(
            members: setting(
                "address", "127.0.0.1:8080", "Where the API and the pages listen, as HOST:PORT.")
                + setting(
                    "public_url", nil,
                    "How payers and merchants reach this house, as http(s)://host[:port]. "
                        + "Null is http:// and the address.")
                + setting(
                    "metrics_address", nil,
                    "An address for /metrics alone, as HOST:PORT. Null leaves it with the rest.")
                + setting(
                    "connections", 4096,
                    "Connections that may be open at once. At the limit the one that is idle "
                        + "longest makes room.")
                + setting(
                    "drain_seconds", 0,
                    "Seconds from SIGTERM until nothing new is taken in. /readyz says 503 "
                        + "meanwhile, so that a balancer sends requests elsewhere.")))
}

/// Where the store is.
package struct DatabaseConfiguration: Sendable, Equatable {
    /// The folder of the embedded database, the control socket, and a sandbox's master key.
    package var folder = "./kaunter-data"
    /// A PostgreSQL URL, which may hold a password; nil is the embedded SQLite database.
    package var url: Secret?
    /// Connections to PostgreSQL.
    package var connections = 8

    static let connectionsRange = 2...500

    mutating func read(_ reader: inout SectionReader) {
        folder = reader.text("data", folder) ?? folder
        url = reader.text("url", nil).map { Secret($0) } ?? url
        connections = reader.integer("connections", connections, within: Self.connectionsRange)
    }

    static let example = JSONValue.object(
        JSONObject(
            members: setting(
                "data", "./kaunter-data",
                "The folder of the embedded database, the control socket, and a sandbox's "
                    + "master key.")
                + setting(
                    "url", nil,
                    "A PostgreSQL URL (postgresql://…) instead of the embedded database. It may "
                        + "also come as KAUNTER_DATABASE_URL; a password is better kept in "
                        + "PostgreSQL's password file.")
                + setting("connections", 8, "Connections to PostgreSQL.")))
}

/// Where the master key is.
package struct KeysConfiguration: Sendable, Equatable {
    /// The file of the master key; in a sandbox nil is `master.key` in the data folder.
    package var masterKeyFile: String?

    mutating func read(_ reader: inout SectionReader) {
        masterKeyFile = reader.text("master_key_file", nil)
    }

    static let example = JSONValue.object(
        JSONObject(
            members: setting(
                "master_key_file", nil,
                "The file of the key that seals the store's secrets, outside the data folder. A "
                    + "live house needs one; in a sandbox null is master.key in the data folder.")))
}

/// How much is let through.
package struct LimitsConfiguration: Sendable, Equatable {
    package var accountRequestsPerSecond = 100
    package var strangerRequestsPerSecond = 20
    /// Requests at work at once; holds in a sandbox too.
    package var requestsAtOnce = 512

    static let range = 1...1_000_000
    static let atOnceRange = 1...100_000

    mutating func read(_ reader: inout SectionReader) {
        accountRequestsPerSecond = reader.integer(
            "account_requests_per_second", accountRequestsPerSecond, within: Self.range)
        strangerRequestsPerSecond = reader.integer(
            "stranger_requests_per_second", strangerRequestsPerSecond, within: Self.range)
        requestsAtOnce = reader.integer(
            "requests_at_once", requestsAtOnce, within: Self.atOnceRange)
    }

    static let example = JSONValue.object(
        JSONObject(
            members: setting(
                "account_requests_per_second", 100,
                "Verified calls of one account in a second; off in a sandbox.")
                + setting(
                    "stranger_requests_per_second", 20,
                    "Calls of one address that did not verify, in a second; off in a sandbox.")
                + setting(
                    "requests_at_once", 512,
                    "Calls and pages at work at once; more are told to come back (503).")))
}

/// What is written about the house's work.
package struct LogConfiguration: Sendable, Equatable {
    /// The least that is worth a line.
    package enum Level: String, Sendable, CaseIterable {
        case debug
        case info
        case warning
        case error
    }

    package var level = Level.info

    mutating func read(_ reader: inout SectionReader) {
        level = reader.word("level", level)
    }

    static let example = JSONValue.object(
        JSONObject(
            members: setting(
                "level", "info", "The least that is logged: debug, info, warning or error.")))
}
