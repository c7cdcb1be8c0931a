import KaunterAPI
package import KaunterCore
package import Logging

/// Writes each log record as one line of JSON to standard error.
///
/// What may be in a record is decided where it is written: ids, codes and words, never a person's
/// data, a key, a signature or a body.
package struct JSONLog: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let label: String
    private let now: @Sendable () -> Moment

    init(label: String, level: Logger.Level, now: @escaping @Sendable () -> Moment) {
        self.label = label
        self.logLevel = level
        self.now = now
    }

    /// Makes all loggers of this process write like this. Once for each process.
    package static func bootstrap(
        _ configuration: LogConfiguration, now: @escaping @Sendable () -> Moment
    ) {
        let level: Logger.Level =
            switch configuration.level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        LoggingSystem.bootstrap { JSONLog(label: $0, level: level, now: now) }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one record.
    package func log(event: LogEvent) {
        var line: JSONObject = [
            "at": .string(now().utcText),
            "level": .string(event.level.rawValue),
            "from": .string(label),
            "message": .string(event.message.description),
        ]
        var all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        // The framework's name for what the answer calls X-Request-Id.
        let requestID = all.removeValue(forKey: "hb.request.id")?.description
        if let id = Trail.current?.requestID ?? requestID {
            line.set("request_id", to: .string(id))
        }
        if let trace = Trail.current?.trace { line.set("trace_id", to: .string(trace.traceID)) }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            line.set(key, to: .string(value.description))
        }
        Terminal.error(JSONValue.object(line).text)
    }
}
