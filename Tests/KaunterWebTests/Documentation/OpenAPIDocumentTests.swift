import Foundation
import HTTPTypes
import Hummingbird
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@testable import KaunterWeb

/// The document says what this program does: no call less, and none more.
@Suite("The OpenAPI document")
struct OpenAPIDocumentTests {
    private static func document(
        _ mode: WebHouse.Plan, further: Set<String> = []
    ) async throws -> OpenAPIDocument {
        let settings = EngineSettings(
            mode: mode.mode, publicURL: EngineHouse.publicURL, furtherBanks: further)
        return try await PageRenderer().openAPI.document(
            for: settings, isRateLimited: mode.limits != nil)
    }

    private static let live = {
        var plan = WebHouse.Plan()
        plan.mode = .live
        plan.limits = RateLimits(accountPerSecond: 1, strangerPerSecond: 1)
        return plan
    }()

    @Test("it has every route of a merchant, and no other", arguments: [WebHouse.Plan(), live])
    func routes(plan: WebHouse.Plan) async throws {
        try await WebHouse.use(plan) { house in
            let site = Site(
                engine: house.engine, renderer: try await PageRenderer(),
                limits: SiteLimits(rates: plan.limits, requestsAtOnce: 1),
                readiness: Readiness(), exposition: { "" }, showsMetrics: true)
            // The first parts of the paths that merchants' programs ask.
            let routes = site.router().routes.filter { route in
                ["v1", "sandbox"].contains(route.path.description.split(separator: "/").first)
            }.map { "\($0.method.rawValue) \(Self.template($0.path.description))" }
            let document = try await Self.document(plan).root
            let calls = (document.member("paths")?.objectValue?.members ?? []).flatMap { path in
                (path.value.objectValue?.keys ?? []).map { "\($0.uppercased()) \(path.key)" }
            }
            #expect(Set(routes) == Set(calls))
            #expect(calls.count == (plan.mode == .sandbox ? 10 : 8))
        }
    }

    /// The path of a route as OpenAPI writes it.
    private static func template(_ path: String) -> String {
        let parts = path.split(separator: "/").map { part in
            part.hasPrefix(":") ? "{\(part.dropFirst())}" : String(part)
        }
        return "/" + parts.joined(separator: "/")
    }

    @Test("its codes are those of the catalogue, and banks that were added come after them")
    func codes() async throws {
        let document = try await Self.document(WebHouse.Plan(), further: ["CIMB", "AFF"])
        let schemas = document.root.member("components")?.member("schemas")
        let code = { (order: String) in
            schemas?.member(order)?.member("properties")?.member("customer_code")?.objectValue
                .map(SchemaWords.values)
        }
        #expect(code("PaymentOrder") == Catalogue.depositCodes.map(\.code))
        let offered = Catalogue.payoutBanks.filter(\.isOffered).map(\.code)
        #expect(code("PayoutOrder") == offered + ["AFF", "CIMB"])
        let rules = try #require(schemas?.member("PaymentOrder")?.member("allOf")?.arrayValue)
        #expect(rules.count == Service.allCases.count)
        for (service, rule) in zip(Service.allCases, rules) {
            let named = rule.member("if")?.member("properties")?.member("service")
            #expect(named?.member("const") == .string(service.rawValue))
            let codes = rule.member("then")?.member("properties")?.member("customer_code")
            let wanted = Catalogue.depositCodes.filter { $0.service == service }.map(\.code)
            #expect(codes?.objectValue.map(SchemaWords.values) == wanted)
        }
    }

    @Test("its limits are those of the house")
    func limits() async throws {
        let schemas = try await Self.document(Self.live).root.member("components")?
            .member("schemas")
        let wanted: [(schema: String, key: String, value: Int)] = [
            ("OrderId", "maxLength", Limits.orderIDCharacters),
            ("Name", "maxLength", Limits.nameCharacters),
            ("TargetUrl", "maxLength", Limits.urlCharacters),
        ]
        for (schema, key, value) in wanted {
            #expect(schemas?.member(schema)?.member(key)?.numberText == "\(value)", "\(schema)")
        }
        let query = schemas?.member("HistoryQuery")?.member("properties")
        let size = query?.member("paginate")
        #expect(size?.member("maximum")?.numberText == "\(Limits.historyPageSize.upperBound)")
        #expect(size?.member("default")?.numberText == "\(Limits.historyPageSizeDefault)")
        let pages = query?.member("page")?.member("maximum")?.numberText
        #expect(pages == "\(Limits.historyPages.upperBound)")
        let largest = schemas?.member("AmountAsked")?.member("maximum")?.numberText
        #expect(largest == Amount.largest.decimal())
        let text = try await Self.document(Self.live).text
        #expect(text.contains("\(Limits.bodyBytes) bytes"))
    }

    @Test("only a house that counts requests says that there were too many")
    func tooManyRequests() async throws {
        #expect(try await Self.document(Self.live).text.contains("\"429\""))
        let sandbox = try await Self.document(WebHouse.Plan()).text
        #expect(!sandbox.contains("429") && !sandbox.contains("TooManyRequests"))
        #expect(sandbox.contains("/sandbox/"))
        #expect(try await !Self.document(Self.live).text.contains("/sandbox/"))
    }

    @Test("no two parts say the same thing")
    func parts() async throws {
        let folder = URL(filePath: #filePath)
            .appending(path: "../../../../Sources/KaunterWeb/OpenAPI").standardizedFileURL
        var leaves: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let bytes = try Data(contentsOf: folder.appendingPathComponent(name))
            for leaf in Self.leaves(of: try JSONValue(parsing: Array(bytes)), at: "") {
                #expect(leaves[leaf] == nil, "\(leaf) is in \(name) and \(leaves[leaf] ?? "")")
                leaves[leaf] = name
            }
        }
        #expect(leaves.count > 500)
    }

    private static func leaves(of value: JSONValue, at path: String) -> [String] {
        guard let members = value.objectValue?.members, !members.isEmpty else {
            return value.arrayValue == nil ? [path] : []
        }
        return members.flatMap { leaves(of: $0.value, at: "\(path)/\($0.key)") }
    }
}
