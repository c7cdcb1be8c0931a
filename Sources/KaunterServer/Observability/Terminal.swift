import Foundation

/// Standard output and standard error, written so that a full disk or a reader that is gone costs
/// the line and never the process.
package enum Terminal {
    /// Writes a line to standard error.
    package static func error(_ line: String) {
        write(line, to: STDERR_FILENO)
    }

    /// Writes a line to standard output.
    package static func output(_ line: String) {
        write(line, to: STDOUT_FILENO)
    }

    private static func write(_ line: String, to descriptor: Int32) {
        let bytes = Array((line + "\n").utf8)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
