import Testing

/// Something untidy: where it is, and what is wrong there.
struct Finding: Equatable, CustomStringConvertible {
    let path: String
    /// Counted from 1; nil where the whole file is meant.
    let line: Int?
    let fault: String

    var description: String {
        line.map { "\(path):\($0): \(fault)" } ?? "\(path): \(fault)"
    }
}

/// Records each finding as an issue of the running test, so that the report is a list of places.
func expectTidy(_ findings: [Finding]) {
    for finding in findings {
        Issue.record(Comment(rawValue: finding.description))
    }
}
