package import KaunterCore

/// What somebody decided at the simulated bank: the simulator's message, read and checked.
package struct SimulatorDecision: Sendable, Equatable {
    /// The buttons of the simulated bank, and what it does without one.
    package enum Choice: String, Sendable {
        case approve
        case decline
        case cancel
        /// The payer has sent money, as much as they chose.
        case transfer
    }

    package let reference: String
    package let choice: Choice
    /// What the simulated bank moves, in sen; only with `approve` and `transfer`.
    package let amountSen: Int64
    /// Which transfer under this reference it is: another number is other money.
    package let transfer: Int64

    /// Transfers under one reference.
    private static let transfers: ClosedRange<Int64> = 1...9

    package init(reference: String, choice: Choice, amountSen: Int64, transfer: Int64 = 1) {
        self.reference = reference
        self.choice = choice
        self.amountSen = amountSen
        self.transfer = transfer
    }

    /// Reads `reference`, `choice`, `amount` and `transfer` of the simulated bank's form.
    init(_ message: RailMessage) throws(RailFault) {
        guard let reference = message.fields["reference"], !reference.isEmpty else {
            throw .notGenuine("the field reference is missing")
        }
        guard let choice = message.fields["choice"].flatMap(Choice.init(rawValue:)) else {
            throw .notGenuine("the field choice is none of approve, decline, cancel, transfer")
        }
        guard let transfer = Int64(message.fields["transfer"] ?? "1"),
            Self.transfers.contains(transfer)
        else { throw .notGenuine("the field transfer is no number of a transfer") }
        var amountSen: Int64 = 0
        if choice == .approve || choice == .transfer {
            guard let amount = try? Amount.parse(message.fields["amount"] ?? "") else {
                throw .notGenuine("the field amount is no amount")
            }
            amountSen = amount.minorUnits
        }
        self.init(
            reference: reference, choice: choice, amountSen: amountSen, transfer: transfer)
    }

    /// Whoever pays at the simulated bank: refunds and returns have somewhere to go.
    package static let payer = RailPayer(
        bankCode: "GXB", number: "9000000000001", name: "Simulated Payer")

    /// The decision as a rail's answer. Approving twice is the same money: the simulated bank
    /// numbers its transactions by our reference.
    var answer: RailAnswer {
        switch choice {
        case .approve: .approved(receipt)
        case .transfer: .received(receipt)
        case .decline: .declined(code: "simulated")
        case .cancel: .cancelled
        }
    }

    private var receipt: RailReceipt {
        RailReceipt(
            transaction: transfer == 1 ? "SIM-\(reference)" : "SIM-\(reference)-\(transfer)",
            reference: reference, minorUnits: amountSen, currency: Currency.myr.rawValue,
            payer: Self.payer)
    }
}
