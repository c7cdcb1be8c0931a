package import Foundation

extension UUID {
    /// The text under which a UUID goes everywhere: lower case, with hyphens.
    package var text: String { uuidString.lowercased() }
}
