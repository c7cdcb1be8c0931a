import Foundation
package import KaunterCore
import KaunterDatabase
import KaunterStorage

extension Engine {
    /// Characters of an operator's name.
    private static let nameCharacters = 1...60
    /// Random bytes of a credential, and what it begins with, so that one that leaked is known.
    private static let credentialBytes = 32
    private static let credentialPrefix = "kop_"

    /// Adds an operator, and returns the credential: shown this once, of which only the SHA-256 is
    /// kept.
    package func addOperator(
        named name: String, act: ActRecord
    ) async throws -> (name: String, credential: String) {
        guard Self.nameCharacters.contains(name.count),
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
        else {
            throw Refusal.invalidFields(
                FieldErrors("name", "The name must have 1 to 60 letters, digits, -, _ or dots."))
        }
        let credential =
            Self.credentialPrefix
            + Data(surroundings.randomBytes(Self.credentialBytes)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        let now = now
        do {
            try await storage.write { writing in
                try writing.lockOperators()
                try writing.record(act, at: now)
                _ = try writing.insertOperator(
                    name: name, tokenSHA256: sha256(of: credential), at: now)
            }
        } catch let fault as DatabaseFault where fault.code == .uniqueViolation {
            throw Refusal.conflict("There is an operator of this name.")
        }
        return (name, credential)
    }

    /// Takes an operator's credential out of force, at once on every node. The last one stays:
    /// nobody could act any more, and nobody add another.
    package func revokeOperator(named name: String, act: ActRecord) async throws {
        let now = now
        try await storage.write { writing in
            try writing.lockOperators()
            let active = try writing.reading.operators().filter { $0.revokedAt == nil }
            guard let found = active.first(where: { $0.name == name }) else {
                throw Refusal.notFound("operator")
            }
            guard active.count > 1 else {
                throw Refusal.conflict("The last operator can't be revoked.")
            }
            try writing.record(act, at: now)
            try writing.revokeOperator(found.id, at: now)
        }
    }

    /// The operator who shows this credential; nil if it is none that is in force.
    package func `operator`(showing credential: String) async throws -> Operator? {
        let digest = sha256(of: credential)
        return try await reader.read { try $0.activeOperator(tokenSHA256: digest) }
    }

    /// How many operators have a credential that is in force.
    package func operatorCount() async throws -> Int {
        try await reader.read { try $0.operators() }.count { $0.revokedAt == nil }
    }

    /// Writes down what an operator asked for that needs a second one, and returns the approval's
    /// id.
    package func ask(
        for act: String, parameters: String, by asker: Operator, reason: String
    ) async throws -> Int64 {
        let now = now
        return try await storage.write { writing in
            let id = try writing.insertApproval(
                of: act, parameters: parameters, payout: nil, askedBy: asker.id, reason: reason,
                at: now)
            try writing.record(
                ActRecord(
                    operatorName: asker.name, act: "approvals.ask", subject: "approval \(id)",
                    detail: "{}", reason: reason), at: now)
            return id
        }
    }

    /// Stores a second operator's word where nothing else has to be done: a rejection, or the
    /// approval of a key, which is in force from then on.
    package func decide(_ act: ActRecord) async throws {
        let now = now
        _ = try await storage.write { writing in
            try writing.record(act, at: now)
        }
    }
}
