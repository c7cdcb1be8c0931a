package import KaunterCore
import KaunterEngine

/// The file of a master key, made for an operator.
package enum MasterKeyFile {
    /// Makes a key and its file (mode 0600, never over another file), and returns the key's id.
    package static func make(
        at path: String, surroundings: Surroundings = .real
    ) throws -> String {
        let key = try MasterKey.generate(random: surroundings.randomBytes)
        try key.write(to: path)
        return key.id
    }
}
