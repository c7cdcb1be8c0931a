import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterRails
import KaunterStorage
import TestSupport
import Testing

@testable import KaunterWeb

/// Which doors a house has: a sandbox more than a live one.
@Suite("The routes")
struct SiteTests {
    private static let live = {
        var plan = WebHouse.Plan()
        plan.mode = .live
        plan.rails = [ScriptedRail()]
        return plan
    }()

    @Test("a live house has no sandbox and no simulator in its router")
    func liveHouse() async throws {
        try await WebHouse.use(Self.live) { house in
            let created = try await house.created()
            let attempt = try await house.engine.beginAttempt(
                of: house.house.uuid(created.uuid), with: "CIMB")
            let before = try await house.rowCounts()
            for (method, path) in [
                (.post, "/sandbox/v1/payments/\(created.uuid)"),
                (.get, "/sandbox/v1/payments/\(created.uuid)"),
                (.get, "/simulator/\(attempt.reference)"),
                (.post, "/simulator/\(attempt.reference)"),
            ] as [(HTTPRequest.Method, String)] {
                let response = try await house.send(
                    method, path, Array(#"{"outcome":"paid"}"#.utf8))
                #expect(response.status == .notFound, "\(method) \(path)")
            }
            #expect(try await house.rowCounts() == before)
            let page = try await house.page("/\(created.uuid)").text
            #expect(!page.contains("Sandbox"))
            let status = try await house.call(Path.paymentStatus, #"{"order_id":"order-1"}"#)
            #expect(status.string("payment_status") == "wait")
        }
    }

    @Test("a live house's QR page leads to no simulator")
    func liveQRCode() async throws {
        let rail = ScriptedRail()
        rail.onBegin { _ in .begun(.qrCode(payload: "000201")) }
        var plan = Self.live
        plan.rails = [rail]
        try await WebHouse.use(plan) { house in
            let created = try await house.created {
                $0["service"] = "qr_code_myr_hpp"
                $0["customer_code"] = "DUITNOW"
            }
            _ = try await house.post("/\(created.uuid)/attempts", form: "bank=DUITNOW")
            let page = try await house.page("/\(created.uuid)").text
            #expect(page.contains("<svg class=\"qr\""))
            #expect(!page.contains("/simulator/"))
        }
    }

    @Test("assets are served under the names that pages use, to be kept for ever")
    func assets() async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            let html = try await house.page("/\(created.uuid)").text
            let paths = html.split(separator: "\"").filter { $0.hasPrefix("/assets/") }
            #expect(paths.count == 3)
            let types = ["css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"]
            for path in paths {
                let response = try await house.page(String(path))
                #expect(response.status == .ok)
                #expect(response.headers[.cacheControl] == "public, max-age=31536000, immutable")
                let type = try #require(types[String(path.split(separator: ".").last ?? "")])
                #expect(response.headers[.contentType]?.hasPrefix(type) == true)
                #expect(response.body.readableBytes > 0)
            }
            for path in ["/assets/style.css", "/assets/..%2fTemplates", "/assets/", "/assets"] {
                #expect(try await house.page(path).status == .notFound, "\(path)")
            }
        }
    }

    @Test("what is unknown is answered in the tongue of its neighbours")
    func unknown() async throws {
        try await WebHouse.use { house in
            for path in ["/v1/none", "/v1", "/sandbox/v1/none"] {
                for method in [.get, .post, .put, .delete] as [HTTPRequest.Method] {
                    let response = try await house.send(method, path)
                    #expect(response.status == .notFound, "\(method) \(path)")
                    #expect(response.headers[.errorCode] == "not_found", "\(method) \(path)")
                }
            }
            for path in ["/none", "/none/at/all", "/v1x"] {
                let response = try await house.page(path)
                #expect(response.status == .notFound, "\(path)")
                #expect(response.headers[.contentType] == "text/html; charset=utf-8", "\(path)")
                #expect(response.headers[.contentSecurityPolicy] != nil, "\(path)")
            }
        }
    }
}

extension EngineHouse {
    /// The uuid that a text names.
    func uuid(_ text: String) throws -> UUID {
        guard let uuid = UUID(uuidString: text) else {
            throw KaunterWebTests.Missing(what: "a uuid")
        }
        return uuid
    }
}
