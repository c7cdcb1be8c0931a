import ArgumentParser
import Foundation
import KaunterAPI
import KaunterServer

/// `kaunter manual`
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Write the manual pages: kaunter.1, and one for each command.",
        discussion: """
            Example:
              kaunter manual --out /usr/local/share/man/man1
              man kaunter-keys-issue

            The folder is made if it is not there. Pages of commands that there are no more stay.
            """)

    @OptionGroup var store: StoreOptions

    @Option(
        help: ArgumentHelp("The folder for the pages.", valueName: "dir"), completion: .directory)
    var out: String

    func run() throws {
        let pages = try CommandTree.ofProgram().all.map(ManualPage.init)
        let folder = URL(fileURLWithPath: out, isDirectory: true)
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
            for page in pages {
                try page.text.write(
                    to: folder.appendingPathComponent(page.file), atomically: true,
                    encoding: .utf8)
            }
        } catch {
            throw CommandFailure(cantCreate: "The pages can't be written into \(out).")
        }
        store.show(
            ["out": .string(out), "pages": .array(pages.map { .string($0.file) })],
            "\(pages.count) pages are in \(out).")
    }
}

/// `kaunter completions`
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print a script by which a shell completes commands and options.",
        discussion: """
            Example:
              kaunter completions bash > /usr/share/bash-completion/completions/kaunter
              kaunter completions zsh > /usr/share/zsh/vendor-completions/_kaunter
              kaunter completions fish > /usr/share/fish/vendor_completions.d/kaunter.fish

            For this shell alone, where it is bash:
              source <(kaunter completions bash)
            """)

    @OptionGroup var store: StoreOptions

    @Argument(
        help: ArgumentHelp("The shell: bash, zsh or fish.", valueName: "shell"),
        completion: .list(["bash", "zsh", "fish"]))
    var shell: String

    func validate() throws {
        if CompletionShell(rawValue: shell) == nil {
            throw ValidationError("There are completions for bash, zsh and fish.")
        }
    }

    func run() throws {
        guard let known = CompletionShell(rawValue: shell) else { return }
        let script = KaunterCommand.completionScript(for: known)
        if store.json {
            store.show(["shell": .string(shell), "script": .string(script)])
        } else {
            Terminal.output(script)
        }
    }
}
