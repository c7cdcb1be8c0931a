import Hummingbird
import KaunterCore
import Metrics
import Synchronization

/// Lets so many requests in at once, and tells the others to come back: what is let in stays quick
/// whatever else comes.
///
/// A body is waited for outside: a client that sends slowly takes nobody's place. Probes and
/// metrics pass by, since they are asked most urgently when everything is busy.
struct Admission: RouterMiddleware {
    private let places: Places

    /// - Parameter limit: requests at work at once.
    init(limit: Int) {
        places = Places(limit: limit)
    }

    func handle(
        _ request: Request, context: SiteContext,
        next: (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        var request = request
        if request.method == .post { try await request.gatherBody(upTo: Limits.bodyBytes) }
        guard places.take() else { throw Overload.failure }
        defer { places.giveBack() }
        return try await next(request, context)
    }
}

/// The places of those who were let in.
private final class Places: Sendable {
    private let limit: Int
    private let taken = Atomic(0)
    private let shed = Counter(
        label: "kaunter_http_shed_total", dimensions: [("reason", "requests")])

    init(limit: Int) {
        self.limit = limit
    }

    func take() -> Bool {
        guard taken.add(1, ordering: .relaxed).newValue <= limit else {
            giveBack()
            shed.increment()
            return false
        }
        return true
    }

    func giveBack() {
        taken.subtract(1, ordering: .relaxed)
    }
}
