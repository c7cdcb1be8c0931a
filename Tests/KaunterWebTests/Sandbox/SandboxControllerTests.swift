import HTTPTypes
import HummingbirdTesting
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@testable import KaunterWeb

/// The sandbox's trigger: decides a payment without a payer.
@Suite("The sandbox's trigger")
struct SandboxControllerTests {
    private func check(
        _ name: String, _ uuid: String, _ body: String, in house: WebHouse
    ) async throws {
        let response = try await house.decide(uuid, body)
        try Golden.check(
            Exchange(.post, "/sandbox/v1/payments/\(uuid)", body, response).text,
            "Sandbox/\(name).http")
    }

    private func status(_ order: String = "order-1", in house: WebHouse) async throws -> JSONObject
    {
        let body = JSONValue.object(["order_id": .string(order)]).text
        return try await house.call(Path.paymentStatus, body).json.objectValue ?? [:]
    }

    @Test(
        "from creation on, unsigned, without a page opened", arguments: ["paid", "fail", "cancel"])
    func outcomes(_ outcome: String) async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            try await check(outcome, created.uuid, #"{"outcome":"\#(outcome)"}"#, in: house)
            #expect(try await status(in: house)["payment_status"] == .string(outcome))
        }
    }

    @Test("what really came may be less, more, or in parts")
    func amounts() async throws {
        try await WebHouse.use { house in
            let created = try await house.created { $0["amount"] = "100.00" }
            try await check(
                "part", created.uuid, #"{"outcome":"paid","amount":"60.00"}"#, in: house)
            #expect(try await status(in: house)["payment_status"] == "wait")
            try await house.decide(created.uuid, #"{"outcome":"paid","amount":"40.01"}"#)
            let paid = try await status(in: house)
            #expect(paid["payment_status"] == "paid")
            #expect(paid["payment_amount"] == "100.00")
            let payment = try await house.house.stored(house.house.uuid(created.uuid))
            let suspense = try await house.house.suspense(of: payment)
            #expect(suspense.map(\.minorUnits) == [1])
        }
    }

    @Test(
        "after a final status it is late money: taken, and the status stays",
        arguments: [
            "paid", "fail", "cancel",
        ])
    func lateMoney(_ outcome: String) async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            try await house.decide(created.uuid, #"{"outcome":"\#(outcome)"}"#)
            let before = try await status(in: house)
            try await check(
                "late-after-\(outcome)", created.uuid, #"{"outcome":"paid","amount":7}"#, in: house)
            for late in ["fail", "cancel"] {
                let response = try await house.decide(created.uuid, #"{"outcome":"\#(late)"}"#)
                #expect(response.status == .ok)
                #expect(response.string("payment_status") == outcome)
            }
            #expect(try await status(in: house) == before)
            let payment = try await house.house.stored(house.house.uuid(created.uuid))
            #expect(try await house.house.suspense(of: payment).map(\.minorUnits) == [700])
        }
    }

    @Test("an attempt that is open is decided with the payment")
    func openAttempt() async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            _ = try await house.post("/\(created.uuid)/attempts", form: "bank=CIMB")
            try await house.decide(created.uuid, #"{"outcome":"fail"}"#)
            #expect(try await status(in: house)["payment_status"] == "fail")
        }
    }

    @Test("what it can't read or find, it says")
    func faults() async throws {
        try await WebHouse.use { house in
            let created = try await house.created()
            let before = try await house.rowCounts()
            try await check("no-outcome", created.uuid, "{}", in: house)
            try await check(
                "wrong", created.uuid, #"{"outcome":"refund","amount":"-1"}"#, in: house)
            try await check(
                "unknown", "00000000-0000-4000-8000-000000000000", #"{"outcome":"paid"}"#, in: house
            )
            #expect(try await house.decide("x", #"{"outcome":"paid"}"#).status == .notFound)
            #expect(try await house.rowCounts() == before)
        }
    }
}
