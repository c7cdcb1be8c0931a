import HTTPTypes
import HummingbirdTesting
import KaunterDatabase
import TestSupport
import Testing

@testable import KaunterWeb

@Suite("The probes")
struct ProbeControllerTests {
    @Test("a house that is well is alive and ready")
    func well() async throws {
        try await WebHouse.use { house in
            for (path, body) in [
                ("/healthz", #"{"status":"ok"}"#), ("/readyz", #"{"status":"ready"}"#),
            ] {
                let response = try await house.page(path)
                #expect(response.status == .ok)
                #expect(response.text == body)
                #expect(response.headers[.cacheControl] == "no-store")
            }
        }
    }

    @Test("without its database a house is alive, and not ready")
    func databaseAway() async throws {
        try await WebHouse.use { house in
            await house.house.store.database.close()
            #expect(try await house.page("/healthz").status == .ok)
            let response = try await house.page("/readyz")
            #expect(response.status == .serviceUnavailable)
            #expect(response.headers[.retryAfter] == "1")
        }
    }

    @Test("the metrics are where the configuration wants them")
    func metrics() async throws {
        try await WebHouse.use { house in
            let response = try await house.page("/metrics")
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(response.text == "# the metrics\n")
        }
        var plan = WebHouse.Plan()
        plan.showsMetrics = false
        try await WebHouse.use(plan) { house in
            let response = try await house.page("/metrics")
            #expect(response.status == .notFound)
        }
    }
}
