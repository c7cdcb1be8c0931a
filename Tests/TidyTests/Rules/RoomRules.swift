/// The arrows between rooms in `Package.swift` are the ones in the documented table, no fewer and
/// no more. That sources keep to `Package.swift` is the compiler's to check.
enum RoomRules {
    static func faults(manifest: Manifest, table: RoomTable) -> [String] {
        let rooms = Set(manifest.dependencies.keys).union(table.imports.keys)
        return rooms.sorted().flatMap { room -> [String] in
            guard let drawn = manifest.dependencies[room] else {
                return ["\(room) is in the table, but is no target"]
            }
            guard let allowed = table.imports[room] else {
                return ["\(room) is a target, but is not in the table"]
            }
            return drawn.subtracting(allowed).sorted().map {
                "\(room) → \($0) is in Package.swift, but not in the table"
            }
                + allowed.subtracting(drawn).sorted().map {
                    "\(room) → \($0) is in the table, but not in Package.swift"
                }
        }
    }
    /// Packages of the manifest which the table of dependencies lacks, or has in another version.
    static func undocumentedPackages(manifest: String, document: String) -> [String] {
        manifest.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\"")
            guard line.contains(".package(url:"), parts.count > 3,
                let name = parts[1].split(separator: "/").last
            else { return nil }
            let row = "| \(name) | \(parts[3]) |"
            return document.contains(row) ? nil : "no row begins with \(row)"
        }
    }
}
