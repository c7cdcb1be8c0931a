import KaunterCore

/// What happened in a run, line by line: a hash over all of it, and the last lines for whoever must
/// find out why.
struct Chronicle {
    /// FNV-1a over every line: two runs of a seed have the same.
    private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    private(set) var lineCount = 0
    private var recent: [String] = []
    private let start: Moment

    private static let linesKept = 60

    init(start: Moment) {
        self.start = start
    }

    /// The last lines, oldest first.
    var lastLines: [String] { Array(recent.suffix(Self.linesKept)) }

    mutating func note(_ text: String, at now: Moment) {
        let milliseconds = (now.microseconds - start.microseconds) / 1_000
        let line = "\(milliseconds) \(text)"
        for byte in line.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        lineCount += 1
        recent.append(line)
        if recent.count > 2 * Self.linesKept { recent.removeFirst(Self.linesKept) }
    }
}
