/// Which request something belongs to: carried along with everything that a request leads to, so
/// that one story can be found in the logs of several programs.
package struct Trail: Sendable, Equatable {
    /// What the answer has as `X-Request-Id`.
    package let requestID: String
    package let trace: TraceContext

    package init(requestID: String, trace: TraceContext) {
        self.requestID = requestID
        self.trace = trace
    }

    /// The trail of the work that runs now, if it has one.
    @TaskLocal package static var current: Trail?
}

/// A place in a trace: https://www.w3.org/TR/trace-context/, version 00.
package struct TraceContext: Sendable, Equatable {
    /// 32 hexadecimal digits in lower case, not all zero.
    package let traceID: String
    /// 16 hexadecimal digits in lower case, not all zero: who continues it.
    package let parentID: String
    /// Two hexadecimal digits; the last bit says that the trace is recorded.
    package let flags: String

    private static let traceDigits = 32
    private static let parentDigits = 16
    /// Versions after 00 may have more behind the flags.
    private static let textLength = 55

    /// Begins a trace.
    package init(random: (Int) -> [UInt8]) {
        traceID = Self.digits(random(Self.traceDigits / 2))
        parentID = Self.digits(random(Self.parentDigits / 2))
        flags = "00"
    }

    /// Reads the header `traceparent`; nil for one that is not valid, which begins a new trace.
    package init?(_ traceparent: String) {
        let bytes = Array(traceparent.utf8)
        let dash = UInt8(ascii: "-")
        guard bytes.count >= Self.textLength, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash
        else { return nil }
        let fields = [bytes[0..<2], bytes[3..<35], bytes[36..<52], bytes[53..<55]]
        guard fields.allSatisfy({ $0.allSatisfy(Self.isDigit) }) else { return nil }
        let texts = fields.map { String(decoding: $0, as: UTF8.self) }
        let isFirstVersion = texts[0] == "00"
        guard texts[0] != "ff", isFirstVersion ? bytes.count == Self.textLength : true,
            isFirstVersion || bytes.count == Self.textLength || bytes[Self.textLength] == dash,
            fields[1].contains(where: { $0 != UInt8(ascii: "0") }),
            fields[2].contains(where: { $0 != UInt8(ascii: "0") })
        else { return nil }
        (traceID, parentID, flags) = (texts[1], texts[2], texts[3])
    }

    private init(traceID: String, parentID: String, flags: String) {
        self.traceID = traceID
        self.parentID = parentID
        self.flags = flags
    }

    /// The next step of the same trace.
    package func child(random: (Int) -> [UInt8]) -> TraceContext {
        TraceContext(
            traceID: traceID, parentID: Self.digits(random(Self.parentDigits / 2)), flags: flags)
    }

    /// The header `traceparent`.
    package var traceparent: String { "00-\(traceID)-\(parentID)-\(flags)" }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// The bytes in hexadecimal digits; all zero would mean none.
    private static func digits(_ bytes: [UInt8]) -> String {
        let bytes = bytes.allSatisfy { $0 == 0 } ? bytes.map { _ in 1 } : bytes
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
