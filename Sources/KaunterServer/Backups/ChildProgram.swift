import Foundation

/// One of PostgreSQL's own programs, run as a child process. Blocks: its callers have a thread.
struct ChildProgram: Sendable {
    let name: String
    /// Settings of the database, which must not stand on a command line.
    let environment: [String: String]

    /// Characters of a program's complaint that are handed on.
    private static let complaintCharacters = 300

    init(_ name: String, environment: [String: String] = [:]) {
        self.name = name
        self.environment = environment
    }

    /// The program's major version, which `--version` prints. Throws when it is not installed.
    func majorVersion() throws -> Int {
        var text = ""
        try run(["--version"]) { text += String(decoding: $0, as: UTF8.self) }
        let number = text.split { !$0.isNumber }.first.flatMap { Int($0) }
        guard let number else {
            throw ServerFault(.configuration, "\(name) --version can't be understood.")
        }
        return number
    }

    /// Runs it with its output going to `output`; throws its first complaint when it fails.
    func run(_ arguments: [String], output: FileHandle) throws {
        let (process, complaints) = try start(arguments, output)
        let said = complaints.fileHandleForReading.readDataToEndOfFile()
        try finish(process, said)
    }

    /// Runs it and hands its output to `body`, piece by piece.
    func run(_ arguments: [String], _ body: (Data) throws -> Void) throws {
        let pipe = Pipe()
        let (process, complaints) = try start(arguments, pipe)
        do {
            while case let data = pipe.fileHandleForReading.availableData, !data.isEmpty {
                try body(data)
            }
        } catch {
            process.terminate()
            process.waitUntilExit()
            throw error
        }
        // They wait in their pipe meanwhile: at its first error such a program ends, and one
        // complaint fits.
        try finish(process, complaints.fileHandleForReading.readDataToEndOfFile())
    }

    private func start(_ arguments: [String], _ output: Any) throws -> (Process, Pipe) {
        let process = Process()
        let complaints = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        var variables = ProcessInfo.processInfo.environment
        variables[Configuration.databaseURLVariable] = nil
        // Complaints are read, and shown to people of any language.
        variables["LC_ALL"] = "C"
        process.environment = variables.merging(environment) { _, ours in ours }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = complaints
        do { try process.run() } catch {
            throw ServerFault(.configuration, "\(name) can't be run.")
        }
        return (process, complaints)
    }

    private func finish(_ process: Process, _ said: Data) throws(ServerFault) {
        process.waitUntilExit()
        guard process.terminationStatus != 0 else { return }
        if process.terminationStatus == 127 {
            throw ServerFault(
                .configuration,
                "\(name) is not installed: backups of PostgreSQL need its client programs "
                    + "(Debian: postgresql-client).")
        }
        throw ServerFault(.refused, "\(name) failed: \(Self.complaint(in: said))")
    }

    /// The first error, without what it may quote of a row.
    static func complaint(in said: Data) -> String {
        let lines = String(decoding: said, as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.contains("error:") }) ?? lines.first else {
            return "it says nothing."
        }
        let words = line.split(separator: "error: ", maxSplits: 1).last ?? line
        let parts = String(words).components(separatedBy: ": \"")
        return String(parts[0].prefix(complaintCharacters))
    }
}
