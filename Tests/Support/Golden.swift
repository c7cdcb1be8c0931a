import Foundation

/// A text that was looked at once and must stay as it is: a whole exchange, a page.
///
/// The text lies in `__Goldens__/<name>` of the test target's folder. `RECORD_GOLDENS=1` writes
/// what is there now; the difference is then for the reviewer's eyes.
package enum Golden {
    /// What was there instead of the golden text.
    package struct Mismatch: Error, CustomStringConvertible {
        package let description: String
    }

    private static let isRecording = ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1"

    /// Throws when the text differs from the golden one, or there is none.
    package static func check(_ text: String, _ name: String, from file: String = #filePath) throws
    {
        let golden = try folder(of: file).appending(path: name)
        if isRecording {
            try FileManager.default.createDirectory(
                at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: golden)
            return
        }
        guard let data = FileManager.default.contents(atPath: golden.path) else {
            throw Mismatch(description: "\(name) is not recorded: RECORD_GOLDENS=1 does it")
        }
        let known = String(decoding: data, as: UTF8.self)
        if known != text {
            throw Mismatch(description: "\(name), \(firstDifference(known, text))")
        }
    }

    /// The folder of goldens that is nearest above a test's file.
    private static func folder(of file: String) throws -> URL {
        var place = URL(filePath: file).deletingLastPathComponent()
        while place.path.count > 1 {
            let folder = place.appending(path: "__Goldens__")
            if FileManager.default.fileExists(atPath: folder.path) { return folder }
            place.deleteLastPathComponent()
        }
        throw Mismatch(description: "no folder __Goldens__ lies above \(file)")
    }

    private static func firstDifference(_ known: String, _ text: String) -> String {
        let old = known.split(separator: "\n", omittingEmptySubsequences: false)
        let new = text.split(separator: "\n", omittingEmptySubsequences: false)
        let same = zip(old, new).prefix { $0 == $1 }.count
        let was = same < old.count ? String(old[same]) : "(the end)"
        let now = same < new.count ? String(new[same]) : "(the end)"
        return "line \(same + 1):\n  golden: \(was)\n  now:    \(now)"
    }
}
