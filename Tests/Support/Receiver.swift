package import KaunterEngine
import Synchronization

/// The merchants' servers of a test: remembers what came, and answers as the test says.
package final class Receiver: OutgoingHTTP {
    /// The answer to a request: a code, or why there is none.
    package typealias Script = @Sendable (OutgoingRequest) async throws(OutgoingFault) -> Int

    /// What was said, and what came.
    private struct State {
        var script: Script
        var requests: [OutgoingRequest] = []
    }

    private let state: Mutex<State>

    package init(_ script: @escaping Script = { _ in 200 }) {
        state = Mutex(State(script: script))
    }

    /// From now on answers like this.
    package func onRequest(_ script: @escaping Script) {
        state.withLock { $0.script = script }
    }

    /// Everything that came, in order.
    package var requests: [OutgoingRequest] { state.withLock { $0.requests } }

    package func send(
        _ request: OutgoingRequest, within seconds: Double
    ) async throws(OutgoingFault) -> Int {
        let script = state.withLock { state -> Script in
            state.requests.append(request)
            return state.script
        }
        return try await script(request)
    }
}
