import ArgumentParser
import Foundation

/// The commands as the parser knows them: a command's names, words and options, and its
/// subcommands. Read from the parser's own dump, so that no page can say anything else.
struct CommandTree: Decodable {
    /// An option, a flag, or a word by its place.
    struct Argument: Decodable {
        /// A way to name it.
        struct Name: Decodable {
            let kind: String
            let name: String

            var text: String { kind == "long" ? "--\(name)" : "-\(name)" }
        }

        let kind: String
        let isOptional: Bool
        let isRepeating: Bool
        let shouldDisplay: Bool
        let names: [Name]?
        let valueName: String?
        let abstract: String?

        var isPositional: Bool { kind == "positional" }
        var takesValue: Bool { kind != "flag" }
    }

    let commandName: String
    let abstract: String?
    let discussion: String?
    let shouldDisplay: Bool
    let superCommands: [String]?
    let arguments: [Argument]?
    let subcommands: [CommandTree]?

    /// The words that call it: "kaunter keys issue".
    var call: String { words.joined(separator: " ") }
    /// The name of its page: "kaunter-keys-issue".
    var page: String { words.joined(separator: "-") }

    private var words: [String] { (superCommands ?? []) + [commandName] }

    /// What is shown of its subcommands; the parser's own `help` has no page.
    var shownSubcommands: [CommandTree] {
        (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
    }

    var shownArguments: [Argument] { (arguments ?? []).filter(\.shouldDisplay) }

    /// This command and all below it.
    var all: [CommandTree] { [self] + shownSubcommands.flatMap(\.all) }

    /// The whole program's.
    static func ofProgram() throws -> CommandTree {
        /// What the parser writes.
        struct Dump: Decodable {
            let command: CommandTree
        }
        let text = KaunterCommand._dumpHelp()
        return try JSONDecoder().decode(Dump.self, from: Data(text.utf8)).command
    }
}
