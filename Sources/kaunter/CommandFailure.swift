import ArgumentParser
import Foundation
import KaunterAPI
import KaunterClient
import KaunterServer

/// A command that did not do what it was asked: what to say, and the exit code.
struct CommandFailure: Error {
    let exitCode: Int32
    /// A stable word.
    let code: String
    let message: String
    /// What is wrong with each field or key.
    var details: [(field: String, messages: [String])] = []

    /// The exit codes, by the words of `sysexits.h` where it has one.
    private enum Code {
        static let refused: Int32 = 1
        static let usage: Int32 = 64
        static let unavailable: Int32 = 69
        static let inside: Int32 = 70
        static let cantCreate: Int32 = 73
        static let configuration: Int32 = 78
    }

    /// An act that was refused, as the desk or the merchant API words it.
    init(refused reply: ErrorReply, code: String?, status: Int) {
        self.exitCode =
            status == 503 ? Code.unavailable : status >= 500 ? Code.inside : Code.refused
        self.code = code ?? "refused"
        self.message = reply.message
        self.details = reply.errors.map { (field: $0.field, messages: $0.messages) }
    }

    /// A check of ours that failed.
    init(refused message: String) {
        self.exitCode = Code.refused
        self.code = "refused"
        self.message = message
    }

    /// A file that can't be written.
    init(cantCreate message: String) {
        self.exitCode = Code.cantCreate
        self.code = "cant_create"
        self.message = message
    }

    /// Whatever was thrown.
    init(_ error: any Error, parserMessage: @autoclosure () -> String) {
        switch error {
        case let failure as CommandFailure:
            self = failure
        case let fault as ServerFault:
            self.init(fault)
        case let fault as ConfigurationFault:
            self.init(Code.configuration, "configuration", fault.faults.joined(separator: "\n"))
        case let fault as KeyFault:
            self.init(Code.configuration, "key", "The key can't be used: \(fault.reason).")
        case let error as KaunterError:
            self.init(error)
        default:
            if let words = FaultWords.describe(error) {
                self.init(
                    words.isTemporary ? Code.unavailable : Code.configuration, "store", words.text)
            } else if KaunterCommand.exitCode(for: error) == .validationFailure {
                self.init(Code.usage, "usage", parserMessage())
            } else {
                self.init(Code.inside, "inside", "Something went wrong inside: \(type(of: error)).")
            }
        }
    }

    private init(_ exitCode: Int32, _ code: String, _ message: String) {
        self.exitCode = exitCode
        self.code = code
        self.message = message
    }

    private init(_ fault: ServerFault) {
        switch fault.kind {
        case .refused: self.init(Code.refused, "refused", fault.message)
        case .configuration: self.init(Code.configuration, "configuration", fault.message)
        case .unavailable: self.init(Code.unavailable, "unavailable", fault.message)
        case .cantCreate: self.init(cantCreate: fault.message)
        }
    }

    private init(_ error: KaunterError) {
        switch error {
        case .refused(let status, let reply, let code, _):
            self.init(refused: reply, code: code, status: status)
        case .unavailable:
            self.init(Code.unavailable, "unavailable", "The server is busy. Please try again.")
        case .unknownFate(let reason):
            self.init(
                Code.unavailable, "unknown_fate",
                "No answer came (\(reason)). Sending the same again is safe.")
        default:
            self.init(Code.inside, "malformed_reply", "The server's answer can't be understood.")
        }
    }

    /// One line and its details on standard error; with `--json` also one value on standard output.
    func print(asJSON: Bool) {
        if asJSON {
            let errors = details.map {
                ($0.field, JSONValue.array($0.messages.map(JSONValue.string)))
            }
            let error: JSONValue = [
                "code": .string(code), "message": .string(message),
                "errors": .object(JSONObject(members: errors)),
            ]
            Terminal.output(JSONValue.object(["error": error]).text)
        }
        var lines = [code == "usage" ? message : "kaunter: \(message)"]
        for detail in details {
            for words in detail.messages { lines.append("  \(detail.field): \(words)") }
        }
        Terminal.error(lines.joined(separator: "\n"))
    }
}
