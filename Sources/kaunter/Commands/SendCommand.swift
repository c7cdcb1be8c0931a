import ArgumentParser
import Foundation
import KaunterAPI
import KaunterWeb

/// `kaunter send`
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send a notification by hand, signed with an account's real key.",
        discussion: """
            Example:
              kaunter send --account UUID --to https://shop.example/notify --file body.json

            The file is a JSON object with the fields of a notification: id, order_id, \
            payment_status, amount and payment_amount; type, commission_amount, \
            is_partial_payment, service and desc if they are not as usual. A sign in it is passed \
            over. It is sent once, to addresses that notifications may go to. In a live store two \
            operators and a reason are needed: a merchant believes it.

            Exit code 0 if the receiver answered with 2xx, 1 if not.
            """)

    @OptionGroup var options: AccountOptions

    @Option(help: ArgumentHelp("Where it goes.", valueName: "url"))
    var to: String

    @Option(help: ArgumentHelp("The file with the fields.", valueName: "file"))
    var file: String

    @Option(
        help: ArgumentHelp("How it is sent (get).", valueName: "get|post_form|post_json"))
    var method: String?

    @Option(
        help: ArgumentHelp("The digest that is signed (the account's).", valueName: "sha1|sha256"))
    var digest: String?

    @Option(help: ArgumentHelp("Why; a live store asks.", valueName: "text"))
    var reason: String?

    /// The fields that a file may have beside those of the signed text.
    private static let fields = [
        "type", "id", "order_id", "payment_status", "amount", "payment_amount",
        "commission_amount", "is_partial_payment", "account", "service", "desc",
    ]

    func run() async throws {
        var parameters = try Self.read(file)
        if let account = parameters["account"], account != .string(options.account) {
            throw CommandFailure(
                refused: "The file is about another account than --account names.")
        }
        parameters.set("account", to: .string(options.account))
        parameters.set("to", to: .string(to))
        if let method {
            let word = method.replacingOccurrences(of: "-", with: "_")
            parameters.set("method", to: .string(word))
        }
        if let digest { parameters.set("digest", to: .string(digest)) }
        if let reason { parameters.set("reason", to: .string(reason)) }
        let answer = try await options.store.perform(.sendNotification, parameters)
        options.store.show(answer, Self.words(answer))
        // What waits for a second operator was not sent, and is no failure.
        if answer["accepted"]?.booleanValue == false { throw ExitCode(1) }
    }

    /// The fields of the file.
    private static func read(_ file: String) throws -> JSONObject {
        guard let data = FileManager.default.contents(atPath: file),
            data.count <= JSONLimits.standard.textBytes
        else {
            throw CommandFailure(refused: "The file \(file) can't be read, or is too long.")
        }
        guard let object = (try? JSONValue(parsing: data))?.objectValue else {
            throw CommandFailure(refused: "The file \(file) is no JSON object.")
        }
        var parameters = JSONObject()
        for member in object.members where member.key != "sign" {
            guard fields.contains(member.key) else {
                throw CommandFailure(
                    refused: "The file has a field that no notification has: \(member.key).")
            }
            parameters.set(member.key, to: member.value)
        }
        return parameters
    }

    private static func words(_ answer: JSONObject) -> String? {
        guard let requests = answer["requests"]?.arrayValue else { return nil }
        var lines: [String] = []
        for request in requests.compactMap(\.objectValue) {
            let text = { (key: String) in request[key]?.stringValue ?? "" }
            lines.append("\(text("method")) \(text("url"))")
            if !text("body").isEmpty { lines.append(text("body")) }
            let code = request["code"]?.integerValue ?? 0
            lines.append(code > 0 ? "answered \(code)" : "no answer: \(text("fault"))")
        }
        let signed = answer["signed_text"]?.stringValue ?? ""
        lines.append("signed (\(answer["digest"]?.stringValue ?? "")): \(signed)")
        let isAccepted = answer["accepted"]?.booleanValue == true
        lines.append(isAccepted ? "Accepted." : "Not accepted.")
        return lines.joined(separator: "\n")
    }
}
