import Foundation
package import KaunterAPI

/// Everything that can be set, in sections. Made once, from flags, the environment, a file and
/// defaults, in this order; rooms get their section as an argument, and nobody else reads the
/// environment.
package struct Configuration: Sendable, Equatable {
    package var listen = ListenConfiguration()
    package var database = DatabaseConfiguration()
    package var keys = KeysConfiguration()
    package var limits = LimitsConfiguration()
    package var money = MoneyConfiguration()
    package var notifications = NotificationsConfiguration()
    package var log = LogConfiguration()
    /// The credential of the operator who gives a command.
    package var operatorToken: Secret?
    /// A crash that a test has ordered, for a sandbox.
    package var crash: CrashPlan?

    package init() {}

    /// Bytes of a configuration file.
    private static let fileBytes = 256 * 1024

    /// Reads a configuration file. All faults are told at once; a key that is unknown is one.
    package init(reading path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationFault([path + ": the file can't be read"])
        }
        guard data.count <= Self.fileBytes else {
            throw ConfigurationFault([path + ": the file is larger than \(Self.fileBytes) bytes"])
        }
        do {
            try self.init(parsing: Array(data))
        } catch let fault as ConfigurationFault {
            throw ConfigurationFault(fault.faults.map { "\(path): \($0)" })
        }
    }

    /// Reads the text of a configuration file.
    package init(parsing bytes: [UInt8]) throws {
        self.init()
        let value: JSONValue
        do throws(JSONFault) {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw ConfigurationFault(["not valid JSON: \(error.reason), at byte \(error.offset)"])
        }
        guard case .object(let object) = value else {
            throw ConfigurationFault(["the file must hold a JSON object"])
        }
        var reader = SectionReader(object, path: "")
        reader.section("listen") { listen.read(&$0) }
        reader.section("database") { database.read(&$0) }
        reader.section("keys") { keys.read(&$0) }
        reader.section("limits") { limits.read(&$0) }
        reader.section("money") { money.read(&$0) }
        reader.section("notifications") { notifications.read(&$0) }
        reader.section("log") { log.read(&$0) }
        let faults = reader.finish()
        if !faults.isEmpty { throw ConfigurationFault(faults) }
    }

    /// Every section with every key, its default and its meaning: the reference, and a file that
    /// can be used as it is. A key that begins with `//` is a comment.
    package static let example: JSONValue = [
        "listen": ListenConfiguration.example,
        "database": DatabaseConfiguration.example,
        "keys": KeysConfiguration.example,
        "limits": LimitsConfiguration.example,
        "money": MoneyConfiguration.example,
        "notifications": NotificationsConfiguration.example,
        "log": LogConfiguration.example,
    ]
}

/// Everything that is wrong with a configuration.
package struct ConfigurationFault: Error, Sendable, Equatable {
    /// A sentence each, with the key's path.
    package let faults: [String]

    package init(_ faults: [String]) {
        self.faults = faults
    }
}
