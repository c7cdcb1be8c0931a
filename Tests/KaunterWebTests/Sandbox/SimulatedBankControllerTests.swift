import HTTPTypes
import HummingbirdTesting
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@testable import KaunterWeb

/// The simulated bank's decisions: each goes the way of every rail's message.
@Suite("The simulated bank")
struct SimulatedBankControllerTests {
    private static let approve = "choice=approve&amount=100.50"

    /// A payment with an attempt, and the path of its bank's page.
    private func begin(_ house: WebHouse) async throws -> (uuid: String, bank: String) {
        let created = try await house.created { $0["customer_code"] = "FPX" }
        let response = try await house.post("/\(created.uuid)/attempts", form: "bank=MBBFPX")
        return (created.uuid, response.location.replacing(EngineHouse.publicURL, with: ""))
    }

    private func status(in house: WebHouse) async throws -> String? {
        try await house.call(Path.paymentStatus, #"{"order_id":"order-1"}"#)
            .string("payment_status")
    }

    @Test(
        "each decision leads back to the payment",
        arguments: [
            (approve, "paid"), ("choice=decline", "wait"), ("choice=cancel", "wait"),
        ])
    func decisions(_ form: String, _ expected: String) async throws {
        try await WebHouse.use { house in
            let (uuid, bank) = try await begin(house)
            let response = try await house.post(bank, form: form)
            #expect(response.status == .seeOther)
            #expect(response.location == "/\(uuid)")
            #expect(try await status(in: house) == expected)
        }
    }

    @Test(
        "a decision that comes twice is one",
        arguments: [
            (approve, "paid"), ("choice=decline", "wait"), ("choice=cancel", "wait"),
        ])
    func twice(_ form: String, _ expected: String) async throws {
        try await WebHouse.use { house in
            let (uuid, bank) = try await begin(house)
            _ = try await house.post(bank, form: form)
            let once = try await house.rowCounts()
            let again = try await house.post(bank, form: form)
            #expect(again.status == .seeOther)
            #expect(again.location == "/\(uuid)")
            #expect(try await status(in: house) == expected)
            let twice = try await house.rowCounts()
            #expect(twice["receipts"] == once["receipts"])
            #expect(twice["suspense"] == 0)
            #expect(twice["deliveries"] == once["deliveries"])
        }
    }

    @Test("after a yes, a no changes nothing")
    func yesThenNo() async throws {
        try await WebHouse.use { house in
            let (_, bank) = try await begin(house)
            _ = try await house.post(bank, form: Self.approve)
            for form in ["choice=decline", "choice=cancel"] {
                #expect(try await house.post(bank, form: form).status == .seeOther)
                #expect(try await status(in: house) == "paid")
            }
        }
    }

    @Test("a yes after a no is money that came: it is never lost")
    func noThenYes() async throws {
        try await WebHouse.use { house in
            let (uuid, bank) = try await begin(house)
            _ = try await house.post(bank, form: "choice=decline")
            _ = try await house.post(bank, form: Self.approve)
            let payment = try await house.house.stored(house.house.uuid(uuid))
            let suspense = try await house.house.suspense(of: payment)
            let isCounted = payment.status == .paid || payment.received == .sen(10_050)
            let isKept = suspense.map(\.minorUnits) == [10_050]
            #expect(isCounted != isKept)
        }
    }

    @Test("an approval of another amount never makes a payment paid")
    func otherAmount() async throws {
        try await WebHouse.use { house in
            let (uuid, bank) = try await begin(house)
            for amount in ["0.01", "100.51"] {
                _ = try await house.post(bank, form: "choice=approve&amount=\(amount)")
                #expect(try await status(in: house) == "wait")
            }
            let payment = try await house.house.stored(house.house.uuid(uuid))
            #expect(payment.received == .zero)
        }
    }

    @Test("what is no decision is refused on a page, and stores nothing")
    func nonsense() async throws {
        try await WebHouse.use { house in
            let (_, bank) = try await begin(house)
            let before = try await house.rowCounts()
            for form in [
                "", "choice=", "choice=yes", "choice=approve", "choice=approve&amount=x",
                "choice=approve&amount=-1", "choice=approve&amount=1e9", "choice=APPROVE&amount=1",
            ] {
                #expect(try await house.post(bank, form: form).status == .badRequest, "\(form)")
            }
            #expect(try await house.page("/simulator/NOSUCHREFERENCE").status == .notFound)
            let decline = try await house.post("/simulator/NOSUCHREFERENCE", form: "choice=decline")
            #expect(decline.status == .notFound)
            #expect(try await house.rowCounts() == before)
        }
    }

    @Test("money under a reference of nobody is refused and kept")
    func unknownReference() async throws {
        try await WebHouse.use { house in
            let response = try await house.post("/simulator/NOSUCHREFERENCE", form: Self.approve)
            #expect(response.status == .notFound)
            #expect(try await house.rowCounts()["suspense"] == 1)
        }
    }
}
