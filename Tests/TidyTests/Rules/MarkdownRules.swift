import Foundation

/// A document begins with its title, and its links lead somewhere.
enum MarkdownRules {
    static func title(_ file: TextFile) -> [Finding] {
        guard file.lines.first?.hasPrefix("# ") != true else { return [] }
        return [file.finding(line: 1, "begins without a title")]
    }

    /// Relative links to files that `exists` denies. Links to elsewhere are not followed.
    static func brokenLinks(_ file: TextFile, exists: (String) -> Bool) -> [Finding] {
        links(in: file).compactMap { link in
            guard let path = path(of: link.target, from: file.path), !exists(path) else {
                return nil
            }
            return file.finding(line: link.line, "links to \(path), which does not exist")
        }
    }

    private struct Link {
        let target: Substring
        let line: Int
    }

    /// What stands between `](` and `)`, outside of blocks of code.
    private static func links(in file: TextFile) -> [Link] {
        var links: [Link] = []
        var isCode = false
        for (index, line) in file.lines.enumerated() {
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                isCode.toggle()
            }
            guard !isCode else { continue }
            for part in line.split(separator: "](", omittingEmptySubsequences: false).dropFirst() {
                links.append(Link(target: part.prefix { $0 != ")" }, line: index + 1))
            }
        }
        return links
    }

    /// The path in the repository that a link means, or nil if it leads out or within its page.
    private static func path(of target: Substring, from page: String) -> String? {
        let place = target.prefix { $0 != "#" && $0 != " " }
        guard !place.isEmpty, !place.contains(":") else { return nil }
        var parts = page.split(separator: "/").dropLast().map(String.init)
        for part in place.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(part.removingPercentEncoding ?? String(part))
            }
        }
        return parts.joined(separator: "/")
    }
}
