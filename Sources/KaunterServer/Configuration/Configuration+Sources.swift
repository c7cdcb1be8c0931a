import Foundation
import KaunterCore

/// What a command line says, which wins over everything else.
package struct ConfigurationFlags: Sendable {
    package var configurationFile: String?
    package var dataFolder: String?
    package var databaseURL: String?
    package var masterKeyFile: String?
    package var listen: String?
    package var publicURL: String?
    package var operatorTokenFile: String?

    package init() {}
}

extension Configuration {
    /// The variable that may hold the URL of the database.
    package static let databaseURLVariable = "KAUNTER_DATABASE_URL"
    /// The variable that may hold an operator's credential.
    package static let operatorTokenVariable = "KAUNTER_OPERATOR_TOKEN"
    /// Bytes of a file that holds one.
    private static let operatorTokenBytes = 1_024
    /// The variable with which a test orders a crash.
    package static let crashVariable = "KAUNTER_CRASH_AT"

    /// The configuration from all its sources: flags, the environment, the file, defaults.
    package init(
        flags: ConfigurationFlags,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        if let file = flags.configurationFile {
            try self.init(reading: file)
        } else {
            self.init()
        }
        if let url = environment[Self.databaseURLVariable], !url.isEmpty {
            database.url = Secret(url)
        }
        database.folder = flags.dataFolder ?? database.folder
        database.url = flags.databaseURL.map { Secret($0) } ?? database.url
        keys.masterKeyFile = flags.masterKeyFile ?? keys.masterKeyFile
        if let text = environment[Self.crashVariable], !text.isEmpty {
            guard let plan = CrashPlan(text) else {
                throw ConfigurationFault(["\(Self.crashVariable) must be POINT or POINT:NUMBER"])
            }
            crash = plan
        }
        try readOperatorToken(flags, environment)
        try readAddresses(flags)
    }

    /// A credential is never an argument: whoever lists processes would see it.
    private mutating func readOperatorToken(
        _ flags: ConfigurationFlags, _ environment: [String: String]
    ) throws {
        if let text = environment[Self.operatorTokenVariable], !text.isEmpty {
            operatorToken = Secret(text)
        }
        guard let file = flags.operatorTokenFile else { return }
        guard let data = FileManager.default.contents(atPath: file),
            data.count <= Self.operatorTokenBytes, let text = String(data: data, encoding: .utf8)
        else { throw ConfigurationFault(["--operator-token-file can't be read"]) }
        operatorToken = Secret(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private mutating func readAddresses(_ flags: ConfigurationFlags) throws {
        var faults: [String] = []
        if let text = flags.listen {
            if let address = ListenAddress(text) {
                listen.address = address
            } else {
                faults.append("--listen must be HOST:PORT")
            }
        }
        if let text = flags.publicURL {
            if let url = PublicURL.parse(text) {
                listen.publicURL = url
            } else {
                faults.append("--public-url \(PublicURL.rule)")
            }
        }
        if !faults.isEmpty { throw ConfigurationFault(faults) }
    }

    /// How payers and merchants reach the house.
    package var publicURL: String { listen.publicURL ?? "http://\(listen.address)" }
}
