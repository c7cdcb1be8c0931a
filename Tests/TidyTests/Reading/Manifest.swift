/// What `Package.swift` says of its targets, read from its text: asking the package manager would
/// take a lock which the running tests already hold.
struct Manifest {
    /// The names that each target of ours depends on: targets and products.
    let dependencies: [String: Set<String>]

    /// Reads `.target` and `.executableTarget`; tests and the system's libraries have no arrows of
    /// interest.
    init(_ text: String) {
        var dependencies: [String: Set<String>] = [:]
        for call in Self.arguments(ofCallsTo: [".target(", ".executableTarget("], in: text) {
            guard let name = Self.literal(after: "name:", in: call) else { continue }
            dependencies[name] = Self.dependencies(in: call)
        }
        self.dependencies = dependencies
    }

    /// The text between the parentheses of each call.
    private static func arguments(ofCallsTo names: [String], in text: String) -> [Substring] {
        names.flatMap { name in
            text.ranges(of: name).map { range in
                enclosed(in: text[range.upperBound...], by: "(", ")")
            }
        }
    }

    /// What stands before the closing mark that ends a nest whose opening mark is just behind.
    private static func enclosed(
        in text: Substring, by opening: Character, _ closing: Character
    ) -> Substring {
        var depth = 1
        return text.prefix { character in
            if character == opening { depth += 1 }
            if character == closing { depth -= 1 }
            return depth > 0
        }
    }

    private static func dependencies(in call: Substring) -> Set<String> {
        guard let start = call.firstRange(of: "dependencies: [")?.upperBound else { return [] }
        var list = String(enclosed(in: call[start...], by: "[", "]"))
        var names: Set<String> = []
        while let range = list.firstRange(of: ".product(") {
            let product = enclosed(in: list[range.upperBound...], by: "(", ")")
            if let name = literal(after: "name:", in: product) {
                names.insert(name)
            }
            list.removeSubrange(range.lowerBound..<product.endIndex)
        }
        let parts = list.split(separator: "\"", omittingEmptySubsequences: false)
        return names.union(stride(from: 1, to: parts.count, by: 2).map { String(parts[$0]) })
    }

    private static func literal(after label: String, in text: Substring) -> String? {
        guard let start = text.firstRange(of: label)?.upperBound else { return nil }
        let parts = text[start...].split(
            separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 ? String(parts[1]) : nil
    }
}
