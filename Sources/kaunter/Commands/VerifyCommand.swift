import ArgumentParser
import Foundation
import KaunterAPI
import KaunterClient
import KaunterServer

/// `kaunter verify`
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Say whether a captured notification or redirect is genuine, and if not, why.",
        discussion: """
            Examples:
              kaunter verify --key notification.pem --url 'https://shop.example/notify?type=…'
              kaunter verify --key notification.pem --file body.json
              tail -1 access.log | kaunter verify --key notification.pem

            A capture is a URL, a path with its query, a query, a form, a JSON body, or a whole \
            HTTP request. The first --key should have signed it; further ones may explain who did.

            Exit code 0 if it is genuine as it stands, 1 if not.
            """)

    @OptionGroup var store: StoreOptions

    @Option(
        help: ArgumentHelp(
            "The account's public notification key (PEM); may be given again.", valueName: "file"))
    var key: [String]

    @Option(help: ArgumentHelp("The captured URL.", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("A file with the capture.", valueName: "file"))
    var file: String?

    @Option(help: ArgumentHelp("Refuse SHA-1.", valueName: "sha256"))
    var digest: String?

    func validate() throws {
        guard url == nil || file == nil else {
            throw ValidationError("Give the capture by --url or by --file.")
        }
        guard digest == nil || digest == "sha256" else {
            throw ValidationError("--digest is sha256 or left out.")
        }
        guard !key.isEmpty else { throw ValidationError("Name a key by --key.") }
    }

    func run() async throws {
        let keys = try key.map { file in
            Diagnosing.NamedKey(name: file, key: try Self.readKey(file))
        }
        let capture: Capture
        do {
            capture = try Capture(try bytes())
        } catch let fault as MalformedMessage {
            throw CommandFailure(refused: "The capture can't be read: \(fault.reason).")
        }
        let diagnosis = Diagnosing(keys: keys, isSHA256Only: digest != nil).diagnose(capture)
        store.show(Self.json(diagnosis), Self.words(diagnosis))
        if !diagnosis.isGenuine { throw ExitCode(1) }
    }

    private static func readKey(_ file: String) throws -> VerifyingKey {
        guard let data = FileManager.default.contents(atPath: file),
            data.count <= KeyLimits.textBytes, let pem = String(data: data, encoding: .utf8)
        else {
            throw CommandFailure(refused: "The file \(file) can't be read as a key.")
        }
        return try VerifyingKey(publicPEM: pem)
    }

    /// The capture's bytes, with one more than are allowed where there are more.
    private func bytes() throws -> [UInt8] {
        if let url { return Array(url.utf8) }
        let handle: FileHandle?
        if let file {
            handle = FileHandle(forReadingAtPath: file)
        } else {
            handle = .standardInput
        }
        var bytes: [UInt8] = []
        while let handle, bytes.count <= Capture.bytesAtMost,
            let part = try handle.read(upToCount: Capture.bytesAtMost + 1), !part.isEmpty
        {
            bytes += part
        }
        guard handle != nil else {
            throw CommandFailure(refused: "The file \(file ?? "") can't be read.")
        }
        return bytes
    }

    private static func json(_ diagnosis: Diagnosis) -> JSONObject {
        let mistakes = diagnosis.mistakes.map { mistake -> JSONValue in
            [
                "step": .string(mistake.step.rawValue), "code": .string(mistake.code),
                "field": .optional(mistake.field),
                "genuine_value": .optional(mistake.genuineValue),
                "message": .string(mistake.sentence),
            ]
        }
        return [
            "genuine": .boolean(diagnosis.isGenuine), "kind": .string(diagnosis.kind.rawValue),
            "digest": .optional(diagnosis.digest), "format": .optional(diagnosis.format),
            "step": .optional(diagnosis.mistakes.first?.step.rawValue),
            "explained": .boolean(diagnosis.isExplained), "mistakes": .array(mistakes),
        ]
    }

    private static func words(_ diagnosis: Diagnosis) -> String {
        guard !diagnosis.isGenuine else {
            let older = diagnosis.format == "older" ? ", by the older list of fields" : ""
            return "Genuine: a \(diagnosis.kind.rawValue), signed with "
                + "\(diagnosis.digest ?? "")\(older)."
        }
        let lines = diagnosis.mistakes.map { "  \($0.step.rawValue): \($0.sentence)" }
        return "Not genuine as it stands:\n" + lines.joined(separator: "\n")
    }
}
