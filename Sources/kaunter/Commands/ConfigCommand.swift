import ArgumentParser
import KaunterAPI
import KaunterCore
import KaunterServer

/// `kaunter config`
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show and check configuration files.",
        subcommands: [Example.self, Check.self])

    /// `kaunter config example`
    struct Example: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a file with every key, its default and its meaning.",
            discussion: """
                Example:
                  kaunter config example > kaunter.json
                """)

        @OptionGroup var store: StoreOptions

        func run() async throws {
            Terminal.output(
                store.json ? Configuration.example.text : Configuration.exampleText)
        }
    }

    /// `kaunter config check`
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read the configuration from all its sources, and say all that is wrong.",
            discussion: """
                Example:
                  kaunter config check --config kaunter.json
                """)

        @OptionGroup var store: StoreOptions

        func run() async throws {
            let configuration = try store.configuration()
            let warnings = configuration.money.warnings(at: .real)
            let words = ["The configuration is good."] + warnings.map { "But: \($0)" }
            store.show(
                ["warnings": .array(warnings.map { .string($0) })],
                words.joined(separator: "\n"))
        }
    }
}
