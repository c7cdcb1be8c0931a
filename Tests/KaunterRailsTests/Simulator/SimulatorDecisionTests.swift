import KaunterCore
import Testing

@testable import KaunterRails

@Suite("Messages of the simulated bank")
struct SimulatorDecisionTests {
    private static let rail = SimulatorRail(pagesURL: "https://pay.example/simulator")

    private static func read(
        _ fields: [String: String]
    ) throws -> (reference: String, answer: RailAnswer) {
        try rail.read(RailMessage(fields: fields))
    }

    @Test("an approval brings its amount, under a number made of our reference")
    func approve() throws {
        let (reference, answer) = try Self.read([
            "reference": "REF1", "choice": "approve", "amount": "12.50",
        ])
        #expect(reference == "REF1")
        #expect(
            answer
                == .approved(
                    RailReceipt(
                        transaction: "SIM-REF1", reference: "REF1", minorUnits: 12_50,
                        currency: "MYR", payer: SimulatorDecision.payer)))
    }

    @Test("approving twice is the same transaction, and another reference another one")
    func twice() throws {
        func transaction(_ reference: String, _ amount: String) throws -> String? {
            let fields = ["reference": reference, "choice": "approve", "amount": amount]
            guard case .approved(let receipt) = try Self.read(fields).answer else { return nil }
            return receipt.transaction
        }
        let first = try #require(try transaction("REF1", "5.00"))
        #expect(try transaction("REF1", "5.00") == first)
        #expect(try transaction("REF1", "7") == first)
        #expect(try transaction("REF2", "5.00") != first)
    }

    @Test("declining and cancelling need no amount, and look at none")
    func others() throws {
        for amount in ["", "1.00", "nonsense"] {
            let decline = ["reference": "R", "choice": "decline", "amount": amount]
            #expect(try Self.read(decline).answer == .declined(code: "simulated"))
        }
        #expect(try Self.read(["reference": "R", "choice": "cancel"]).answer == .cancelled)
        #expect(try Self.read(["reference": "R", "choice": "cancel", "x": "y"]).reference == "R")
    }

    @Test(
        "what the simulated bank would not send is not genuine",
        arguments: [
            [:], ["reference": "R"], ["choice": "approve", "amount": "1.00"],
            ["reference": "", "choice": "cancel"], ["reference": "R", "choice": ""],
            ["reference": "R", "choice": "Approve", "amount": "1.00"],
            ["reference": "R", "choice": "paid", "amount": "1.00"],
            ["reference": "R", "choice": "approve\u{0}", "amount": "1.00"],
            ["reference": "R", "choice": "approve"],
            ["reference": "R", "choice": "approve", "amount": ""],
            ["reference": "R", "choice": "approve", "amount": "0"],
            ["reference": "R", "choice": "approve", "amount": "-1.00"],
            ["reference": "R", "choice": "approve", "amount": "1e3"],
            ["reference": "R", "choice": "approve", "amount": "1.001"],
            ["reference": "R", "choice": "approve", "amount": "99999999999999999999"],
            ["Reference": "R", "Choice": "cancel"],
        ] as [[String: String]])
    func hostile(fields: [String: String]) {
        let error = #expect(throws: RailFault.self) { try Self.read(fields) }
        guard case .notGenuine(let reason) = error else {
            Issue.record("\(String(describing: error)) is not notGenuine")
            return
        }
        #expect(reason.hasPrefix("the field "))
    }
}
