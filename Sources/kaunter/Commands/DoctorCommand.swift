import ArgumentParser
import Foundation
import KaunterAPI
import KaunterCore
import KaunterServer
import KaunterWeb

/// `kaunter doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look at everything, and say what to do.",
        discussion: """
            Configuration, keys, database, clocks, receivers, what is unknown, suspense, seals and \
            books; with a running server or without one. It changes nothing, and prints no secret \
            and nobody's data. Exits 1 if anything fails; a warning is no failure.

            Example:
              kaunter doctor
            """)

    @OptionGroup var store: StoreOptions

    func run() async throws {
        let findings: [Finding]
        do {
            findings = await Doctor(try store.configuration()).examine()
        } catch let fault as ConfigurationFault {
            findings = Doctor.findings(of: fault)
        }
        let isHealthy = !findings.contains { $0.state == .fail }
        store.show(
            [
                "healthy": .boolean(isHealthy),
                "checks": .array(findings.map(\.json)),
            ], findings.map(Self.words).joined(separator: "\n"))
        if !isHealthy { throw ExitCode.failure }
    }

    private static func words(of finding: Finding) -> String {
        let state = finding.state == .fail ? "FAIL" : finding.state.rawValue
        let head = state.padding(toLength: 6, withPad: " ", startingAt: 0)
        let check = finding.check.padding(toLength: 15, withPad: " ", startingAt: 0)
        let line = "\(head)\(check)\(finding.found)"
        return finding.advice.isEmpty ? line : "\(line)\n      -> \(finding.advice)"
    }
}
