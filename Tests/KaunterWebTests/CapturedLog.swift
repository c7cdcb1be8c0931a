import Logging
import Synchronization

/// Keeps every log record.
struct CapturedLog: LogHandler {
    struct Line: Sendable {
        let message: String
        let metadata: [String: String]

        var text: String {
            message + metadata.map { " \($0.key)=\($0.value)" }.sorted().joined()
        }
    }

    private final class Lines: Sendable {
        let all = Mutex<[Line]>([])
    }

    private let kept = Lines()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    var lines: [Line] { kept.all.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let line = Line(
            message: event.message.description, metadata: all.mapValues(\.description))
        kept.all.withLock { $0.append(line) }
    }
}
