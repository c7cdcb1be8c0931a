/// Every type, and every function that another room can call, says what it promises.
enum DocumentationRules {
    /// What has no doc comment and should.
    ///
    /// - Parameter promised: names of functions whose promise stands elsewhere, with the protocol
    ///   that requires them: there it is said once, and not again at each implementation.
    static func undocumented(_ file: SwiftFile, promised: Set<Substring> = []) -> [Finding] {
        guard file.room != nil || file.path.hasPrefix("Tests/Support/") else { return [] }
        let requirements = Set(requirements(of: file).map(\.line))
        return file.code.lines.enumerated().compactMap { index, line in
            guard let declaration = Declaration(line: line),
                declaration.isType || requirements.contains(index)
                    || declaration.isShared && !declaration.isOperator
                        && !promised.contains(declaration.name),
                !isDocumented(index, in: file)
            else { return nil }
            return file.written.finding(
                line: index + 1, "\(declaration.keyword) \(declaration.name) has no doc comment")
        }
    }

    /// The names of all functions that a protocol of ours requires.
    static func promisedNames(in files: [SwiftFile]) -> Set<Substring> {
        Set(files.flatMap(requirements(of:)).map(\.name)).union(Allowances.foreignPromises)
    }

    /// The functions required by the protocols of a file, by the index of their lines.
    private static func requirements(of file: SwiftFile) -> [(name: Substring, line: Int)] {
        var requirements: [(name: Substring, line: Int)] = []
        var protocolIndent: Substring?
        for (index, line) in file.code.lines.enumerated() {
            let declaration = Declaration(line: line)
            if let indent = protocolIndent {
                if let declaration, declaration.keyword == "func" {
                    requirements.append((declaration.name, index))
                } else if line.hasPrefix(indent + "}") {
                    protocolIndent = nil
                }
            } else if declaration?.keyword == "protocol", !line.contains("}") {
                protocolIndent = line.prefix { $0 == " " }
            }
        }
        return requirements
    }

    /// Whether the line above, attributes and conditions left out, is a doc comment.
    private static func isDocumented(_ index: Int, in file: SwiftFile) -> Bool {
        let above = file.written.lines[..<index].reversed()
            .lazy.map { $0.drop { $0 == " " } }
            .first { !$0.hasPrefix("@") && !$0.hasPrefix("#if") }
        return above?.hasPrefix("///") ?? false
    }
}
