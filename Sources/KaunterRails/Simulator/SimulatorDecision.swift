package import KaunterCore

/// What somebody decided at the simulated bank: the simulator's message, read and checked.
package struct SimulatorDecision: Sendable, Equatable {
    /// The buttons of the simulated bank.
    package enum Choice: String, Sendable {
        case approve
        case decline
        case cancel
    }

    package let reference: String
    package let choice: Choice
    /// What the simulated bank moves, in sen; only with `approve`.
    package let amountSen: Int64

    package init(reference: String, choice: Choice, amountSen: Int64) {
        self.reference = reference
        self.choice = choice
        self.amountSen = amountSen
    }

    /// Reads `reference`, `choice` and `amount` of the simulated bank's form.
    init(_ message: RailMessage) throws(RailFault) {
        guard let reference = message.fields["reference"], !reference.isEmpty else {
            throw .notGenuine("the field reference is missing")
        }
        guard let choice = message.fields["choice"].flatMap(Choice.init(rawValue:)) else {
            throw .notGenuine("the field choice is none of approve, decline, cancel")
        }
        var amountSen: Int64 = 0
        if choice == .approve {
            guard let amount = try? Amount.parse(message.fields["amount"] ?? "") else {
                throw .notGenuine("the field amount is no amount")
            }
            amountSen = amount.minorUnits
        }
        self.init(reference: reference, choice: choice, amountSen: amountSen)
    }

    /// Whoever pays at the simulated bank: refunds and returns have somewhere to go.
    package static let payer = RailPayer(
        bankCode: "GXB", number: "9000000000001", name: "Simulated Payer")

    /// The decision as a rail's answer. Approving twice is the same money: the simulated bank
    /// numbers its transactions by our reference.
    var answer: RailAnswer {
        switch choice {
        case .approve:
            .approved(
                RailReceipt(
                    transaction: "SIM-\(reference)", reference: reference, minorUnits: amountSen,
                    currency: Currency.myr.rawValue, payer: Self.payer))
        case .decline: .declined(code: "simulated")
        case .cancel: .cancelled
        }
    }
}
