import Foundation
import KaunterStorage

/// Counts the rows of each table in the SQL text that `pg_restore` makes of an archive: every byte
/// of the archive is unpacked on the way.
struct CopiedRows {
    /// Rows of each table met so far.
    private(set) var counts: [String: Int64] = [:]
    private var table: String?
    private var line: [UInt8] = []

    /// Bytes of a line that are kept: more than any `COPY` of ours has, and rows are only counted.
    private static let keptBytes = 4096
    private static let newline = UInt8(ascii: "\n")

    /// Takes the next piece of the text.
    mutating func take(_ piece: Data) {
        for part in piece.split(separator: Self.newline, omittingEmptySubsequences: false)
            .enumerated()
        {
            if part.offset > 0 { endLine() }
            line.append(contentsOf: part.element.prefix(Self.keptBytes - line.count))
        }
    }

    /// Whether the text had the rows of these contents.
    func match(_ contents: StoreContents) -> Bool {
        contents.rows.allSatisfy { counts[$0.table] == $0.count }
    }

    /// In a row's text a line's end is written `\n`, so a row is a line.
    private mutating func endLine() {
        defer { line.removeAll(keepingCapacity: true) }
        if let table {
            if line == Array("\\.".utf8) {
                self.table = nil
            } else {
                counts[table, default: 0] += 1
            }
        } else if line.starts(with: "COPY ".utf8) {
            // COPY schema.table (column, …) FROM stdin;
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard words.count > 1, let name = words[1].split(separator: ".").last else { return }
            table = String(name)
            counts[String(name), default: 0] += 0
        }
    }
}
