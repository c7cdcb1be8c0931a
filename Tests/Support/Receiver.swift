package import KaunterEngine
import Synchronization

/// The merchants' servers of a test: remembers what came, and answers as the test says.
package final class Receiver: OutgoingHTTP {
    /// The answer to a request: a code, or why there is none.
    package typealias Script = @Sendable (OutgoingRequest) async throws(OutgoingFault) -> Int
    /// Likewise, with header fields and a body.
    package typealias WholeScript =
        @Sendable (OutgoingRequest) async throws(OutgoingFault) -> OutgoingAnswer

    /// What was said, and what came.
    private struct State {
        var script: WholeScript
        var requests: [OutgoingRequest] = []
    }

    private let state: Mutex<State>

    package init(_ script: @escaping Script = { _ in 200 }) {
        state = Mutex(State(script: Self.whole(script)))
    }

    /// From now on answers like this.
    package func onRequest(_ script: @escaping Script) {
        state.withLock { $0.script = Self.whole(script) }
    }

    /// From now on answers like this.
    package func onWholeRequest(_ script: @escaping WholeScript) {
        state.withLock { $0.script = script }
    }

    private static func whole(_ script: @escaping Script) -> WholeScript {
        { request async throws(OutgoingFault) in
            OutgoingAnswer(code: try await script(request))
        }
    }

    /// Everything that came, in order.
    package var requests: [OutgoingRequest] { state.withLock { $0.requests } }

    package func send(
        _ request: OutgoingRequest, within seconds: Double
    ) async throws(OutgoingFault) -> OutgoingAnswer {
        let script = state.withLock { state -> WholeScript in
            state.requests.append(request)
            return state.script
        }
        return try await script(request)
    }
}
