import ArgumentParser
import Foundation
import KaunterServer

/// The program's root: which commands there are. Parsing and printing only; what a command does is
/// done elsewhere.
@main
struct KaunterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kaunter",
        abstract: "A self-hosted payment gateway for the Malaysian ringgit.",
        discussion: """
            Try it out:
              kaunter demo
            Run a sandbox, and make a merchant with keys in it:
              kaunter serve --sandbox
              kaunter merchant create --name "Kedai Kopi"
              kaunter keys issue --account UUID --for payment --out ./keys

            Every command takes --data, --database-url, --config and --master-key after its name, \
            and --json to print exactly one JSON value.

            Amounts are in ringgit, days are Malaysia's. `kaunter manual` writes manual pages, \
            `kaunter completions` what your shell needs to complete all this.

            Exit codes: 0 done, 1 refused, 64 the command line is wrong, 69 a server or database \
            does not answer, 70 a fault inside, 73 a file can't be written, 78 the configuration \
            or a key file is wrong.
            """,
        version: KaunterVersion.text,
        subcommands: [
            Serve.self, Demo.self, Migrate.self, BackupCommand.self, RestoreCommand.self,
            MerchantCommand.self, AccountCommand.self,
            TermsCommand.self, BalanceCommand.self, AuditCommand.self, RefundCommand.self,
            ReverseCommand.self, FreezeCommand.self, UnfreezeCommand.self, AdjustCommand.self,
            SettleCommand.self, SuspenseCommand.self, StatementCommand.self,
            TrialBalanceCommand.self, LedgerCommand.self, OperatorCommand.self,
            ApprovalsCommand.self, ActsCommand.self, EventsCommand.self, ListenCommand.self,
            ReceiversCommand.self,
            KeysCommand.self, EndpointCommand.self, RedirectCommand.self, Pay.self, Status.self,
            SendCommand.self, VerifyCommand.self,
            ConfigCommand.self, ClockCommand.self, TriggerCommand.self,
            DoctorCommand.self, SandboxCommand.self, CompletionsCommand.self, ManualCommand.self,
        ])

    /// Parses and runs, and turns whatever is thrown into one line and an exit code; with `--json`
    /// a failure too is one JSON value.
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let wantsJSON = arguments.contains("--json")
        do {
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            // A command that has said everything.
            if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
            let code = exitCode(for: error)
            // Help and version are no failures: the parser prints them where they belong.
            if code == .success { exit(withError: error) }
            let failure = CommandFailure(error, parserMessage: fullMessage(for: error))
            failure.print(asJSON: wantsJSON)
            Foundation.exit(failure.exitCode)
        }
    }
}
