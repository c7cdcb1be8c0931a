import Foundation
import HTTPTypes
import KaunterAPI
import KaunterEngine

/// The parts of the OpenAPI document that this program was built with: small files in the folder
/// `OpenAPI`, each with a subject, which joined are one document.
struct OpenAPIParts: Sendable {
    private let common: [JSONObject]
    private let sandbox: JSONObject

    /// The parts of every installation, in the order in which they are joined.
    private static let commonNames = [
        "document", "fields", "payments", "payouts", "account", "notifications",
    ]
    /// What a sandbox has beyond them.
    private static let sandboxName = "sandbox"

    /// Reads all parts; throws if one is missing or no JSON object.
    init(folder: URL) throws {
        common = try Self.commonNames.map { try Self.part($0, of: folder) }
        sandbox = try Self.part(Self.sandboxName, of: folder)
    }

    private static func part(_ name: String, of folder: URL) throws -> JSONObject {
        let bytes = try Data(contentsOf: folder.appendingPathComponent("\(name).json"))
        guard let part = try JSONValue(parsing: Array(bytes)).objectValue else {
            throw Failure(.internalServerError, "internal", "\(name).json is no object.")
        }
        return part
    }

    /// The document of one installation: a live one has no sandbox in it, one that lets all through
    /// never says that there were too many requests, and banks that were added can be named.
    func document(for installation: EngineSettings, isRateLimited: Bool) -> OpenAPIDocument {
        var joined = JSONObject()
        for part in installation.isSandbox ? common + [sandbox] : common { joined.join(part) }
        joined["servers"] = [["url": .string(installation.publicURL)]]
        var root = JSONValue.object(joined)
        if !isRateLimited { root.forgetTooManyRequests() }
        root.change(["components", "schemas", "PayoutOrder", "properties", "customer_code", "enum"])
        { codes in
            let further = installation.furtherBanks.sorted().map(JSONValue.string)
            codes = .array((codes.arrayValue ?? []) + further)
        }
        return OpenAPIDocument(root)
    }
}

extension JSONValue {
    /// Takes the answer to too many requests out of every call.
    fileprivate mutating func forgetTooManyRequests() {
        change(["components", "responses"]) { $0.remove("TooManyRequests") }
        change(["paths"]) { paths in
            paths.changeEach { operations in
                operations.changeEach { operation in
                    operation.change(["responses"]) { $0.remove("429") }
                }
            }
        }
    }

    /// Changes what stands at the end of these keys; nothing where there is none.
    fileprivate mutating func change(
        _ keys: ArraySlice<String>, _ act: (inout JSONValue) -> Void
    ) {
        guard let key = keys.first else { return act(&self) }
        guard case .object(var object) = self, var value = object[key] else { return }
        value.change(keys.dropFirst(), act)
        object[key] = value
        self = .object(object)
    }

    /// Changes every member of an object.
    fileprivate mutating func changeEach(_ act: (inout JSONValue) -> Void) {
        guard case .object(var object) = self else { return }
        for key in object.keys {
            guard var value = object[key] else { continue }
            act(&value)
            object[key] = value
        }
        self = .object(object)
    }

    /// Takes a member out of an object.
    fileprivate mutating func remove(_ key: String) {
        guard case .object(var object) = self else { return }
        object[key] = JSONValue?.none
        self = .object(object)
    }
}

extension JSONObject {
    /// Takes in another part: objects are joined, arrays go on, and of all else the later stays.
    fileprivate mutating func join(_ part: JSONObject) {
        for member in part.members {
            switch (self[member.key], member.value) {
            case (.object(var known), .object(let further)):
                known.join(further)
                self[member.key] = .object(known)
            case (.array(let known), .array(let further)):
                self[member.key] = .array(known + further)
            default:
                self[member.key] = member.value
            }
        }
    }
}
