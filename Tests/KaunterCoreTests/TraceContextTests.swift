import KaunterCore
import Testing

@Suite("The trace context")
struct TraceContextTests {
    private static let sample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test("a valid traceparent is read, and a child keeps the trace and the flags")
    func valid() throws {
        let trace = try #require(TraceContext(Self.sample))
        #expect(trace.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(trace.traceparent == Self.sample)
        let child = trace.child { [UInt8](repeating: 0xab, count: $0) }
        #expect(child.traceparent == "00-4bf92f3577b34da6a3ce929d0e0e4736-abababababababab-01")
    }

    @Test("a later version may have more behind, and is continued as ours")
    func later() throws {
        let text = Self.sample.replacing("00-4b", with: "cc-4b") + "-what-comes"
        let trace = try #require(TraceContext(text))
        #expect(trace.traceparent == Self.sample)
    }

    @Test(
        "what is not valid begins a new trace",
        arguments: [
            "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
            "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473é-00f067aa0ba902b7-01",
        ])
    func invalid(_ text: String) {
        #expect(TraceContext(text) == nil)
    }

    @Test("a trace that begins is valid, whatever chance gives")
    func begun() {
        for byte in [0, 1, 0xff] as [UInt8] {
            let trace = TraceContext { [UInt8](repeating: byte, count: $0) }
            #expect(TraceContext(trace.traceparent) == trace)
        }
    }
}
