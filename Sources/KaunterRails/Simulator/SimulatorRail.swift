package import KaunterCore

/// A rail without money, for sandboxes, demos and tests: a page of ours plays the bank, and whoever
/// opens it decides.
///
/// It keeps nothing: a decision arrives as a message, as a bank's would, and until then an enquiry
/// can only say "pending". Attempts whose reference names a `SimulatedFate` go as that says.
package struct SimulatorRail: Rail {
    package let name = "simulator"
    package let deadlineSeconds: Int64 = 600
    package let settlesByItself = true
    package let services: [Service: ClosedRange<Money>]
    private let pagesURL: String

    /// The amounts of FPX B2C, RM 1.00 to RM 30,000.00, for every service: what works here should
    /// work there.
    private static let amounts = Money.sen(100)...Money.sen(3_000_000)

    /// - Parameter pagesURL: where the simulated banks' pages live; a reference follows it after a
    ///   slash.
    package init(pagesURL: String) {
        self.pagesURL = pagesURL
        self.services = Dictionary(
            uniqueKeysWithValues: Service.allCases.map { ($0, Self.amounts) })
    }

    package func begin(_ attempt: Attempt) async throws(RailFault) -> RailAnswer {
        switch SimulatedFate(attempt) {
        case .timeout: throw .unknown("the simulated bank does not answer")
        case .unreached: throw .notSent("the simulated bank is not there")
        default: .begun(Self.step(for: attempt.depositCode, attempt: attempt, pagesURL: pagesURL))
        }
    }

    package func enquire(_ attempt: Attempt) async throws(RailFault) -> RailAnswer {
        switch SimulatedFate(attempt) {
        case .timeout: Self.approval(of: attempt)
        case .slow: attempt.enquiries > 0 ? Self.approval(of: attempt) : .pending
        case .unknown: throw .unknown("the simulated bank does not answer")
        default: .pending
        }
    }

    private static func approval(of attempt: Attempt) -> RailAnswer {
        SimulatorDecision(
            reference: attempt.reference, choice: .approve, amountSen: attempt.amount.minorUnits
        ).answer
    }

    package func read(
        _ message: RailMessage
    ) throws(RailFault) -> (reference: String, answer: RailAnswer) {
        let decision = try SimulatorDecision(message)
        return (decision.reference, decision.answer)
    }

    /// Where the payer goes: a QR symbol for DuitNow QR, the simulated bank for everything else.
    private static func step(
        for code: DepositCode, attempt: Attempt, pagesURL: String
    ) -> Attempt.Step {
        switch code.kind {
        case .duitNowQR:
            .qrCode(payload: qrCode(for: attempt).text)
        case .onlineBanking, .fpxSelection, .fpx, .eWallet:
            .redirect(url: "\(pagesURL)/\(attempt.reference)")
        }
    }

    /// A well-formed DuitNow QR whose acquirer does not exist, so that no real app can pay it.
    private static func qrCode(for attempt: Attempt) -> DuitNowQR {
        DuitNowQR(
            acquirerID: "000000", qrID: "KAUNTERSANDBOX", merchantCategoryCode: "0000",
            amount: attempt.amount, merchantName: "KAUNTER SANDBOX", merchantCity: "MY",
            referenceLabel: attempt.reference)
    }
}
