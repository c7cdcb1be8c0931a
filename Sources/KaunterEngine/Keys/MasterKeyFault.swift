/// Why the master key, or what it has sealed, can't be used. It never holds a part of a secret.
package enum MasterKeyFault: Error, Sendable, Equatable {
    /// The system refuses the file, with its error number.
    case file(path: String, code: Int32)
    /// Others than the owner may read the file.
    case openToOthers(path: String)
    /// The file is no master key.
    case wrongFormat(path: String)
    /// The source of random bytes gave another number of bytes than asked for.
    case brokenRandom
    /// The secret is too long, or the cipher refuses it.
    case notSealable
    /// The text is not one that `seal` made.
    case notSealed
    /// Another master key, known by its id, has sealed the text.
    case sealedByAnother(keyID: String)
    /// The text was changed, or was sealed for another context.
    case notAuthentic
}

extension MasterKeyFault: CustomStringConvertible {
    /// A sentence for the operator.
    package var description: String {
        switch self {
        case .file(let path, let code):
            "The master key file \(path) can't be used (error \(code) of the system)."
        case .openToOthers(let path):
            "The master key file \(path) can be read by others: set its mode to 0600."
        case .wrongFormat(let path):
            "The file \(path) is not a master key."
        case .brokenRandom:
            "The source of random bytes is broken."
        case .notSealable:
            "A secret can't be sealed."
        case .notSealed:
            "A stored secret is not in the form in which this program seals secrets."
        case .sealedByAnother(let keyID):
            "A stored secret was sealed by the master key \(keyID), which is not the present one."
        case .notAuthentic:
            "A stored secret was changed or belongs elsewhere."
        }
    }
}
