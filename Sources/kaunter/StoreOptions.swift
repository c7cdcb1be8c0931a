import ArgumentParser
import Foundation
import KaunterAPI
import KaunterServer
import KaunterWeb

/// What every command takes: where the store is, and how to answer.
struct StoreOptions: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("The folder of the store (./kaunter-data).", valueName: "dir"),
        completion: .directory)
    var dataFolder: String?

    @Option(
        name: .customLong("database-url"),
        help: ArgumentHelp(
            "PostgreSQL instead of the embedded database; better as KAUNTER_DATABASE_URL.",
            valueName: "url"))
    var databaseURL: String?

    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "A configuration file; see `kaunter config example`.", valueName: "file"),
        completion: .file())
    var configurationFile: String?

    @Option(
        name: .customLong("master-key"),
        help: ArgumentHelp("The file of the master key.", valueName: "file"), completion: .file())
    var masterKeyFile: String?

    @Option(
        name: .customLong("operator-token-file"),
        help: ArgumentHelp(
            "The file of an operator's credential; or KAUNTER_OPERATOR_TOKEN.", valueName: "file"),
        completion: .file())
    var operatorTokenFile: String?

    @Flag(name: .customLong("json"), help: "Print exactly one JSON value on standard output.")
    var json = false

    /// The flags, for the configuration.
    var flags: ConfigurationFlags {
        var flags = ConfigurationFlags()
        flags.dataFolder = dataFolder
        flags.databaseURL = databaseURL
        flags.configurationFile = configurationFile
        flags.masterKeyFile = masterKeyFile
        flags.operatorTokenFile = operatorTokenFile
        return flags
    }

    /// The whole configuration.
    func configuration() throws -> Configuration {
        try Configuration(flags: flags)
    }

    /// Has an act done, by the running server or here, and returns its answer.
    func perform(_ act: ControlAct, _ parameters: JSONObject) async throws -> JSONObject {
        let reply = try await ControlLine(try configuration()).perform(act, parameters)
        guard reply.status == 200, case .object(let body) = reply.body else {
            let words =
                (try? ErrorReply(json: reply.body)) ?? ErrorReply(message: "The act failed.")
            throw CommandFailure(refused: words, code: reply.errorCode, status: reply.status)
        }
        return body
    }

    /// Prints the answer: as JSON, or as lines of `key: value`.
    func show(_ answer: JSONObject, _ words: @autoclosure () -> String? = nil) {
        if json {
            Terminal.output(JSONValue.object(answer).text)
        } else if let words = words() {
            Terminal.output(words)
        } else {
            Terminal.output(Table.text(of: answer))
        }
    }
}

/// JSON for people's eyes.
enum Table {
    /// `key: value` lines; of a list, a block for each entry, or a line for each text or number.
    static func text(of object: JSONObject) -> String {
        let width = object.members.map(\.key.count).max() ?? 0
        return object.members.map { member in
            let name = "\(member.key):".padding(
                toLength: width + 2, withPad: " ", startingAt: 0)
            if case .array(let entries) = member.value {
                let texts = entries.compactMap { $0.stringValue ?? $0.numberText }
                if !texts.isEmpty {
                    return name
                        + texts.joined(
                            separator: "\n" + String(repeating: " ", count: width + 2))
                }
                let blocks = entries.compactMap(\.objectValue).map { text(of: $0) }
                guard blocks.isEmpty else { return blocks.joined(separator: "\n\n") }
                return object.members.count == 1 ? "There are no \(member.key)." : name + "none"
            }
            return name + plain(member.value)
        }.joined(separator: "\n")
    }

    private static func plain(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .null: "–"
        default: value.text
        }
    }
}
