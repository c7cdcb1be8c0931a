package import KaunterCore

/// A way for money to leave: it translates and verifies, stores nothing and decides nothing. What
/// it does not understand is `.pending`, never paid and never refused.
package protocol PayoutRail: Sendable {
    /// The word under which payouts name this rail, for ever.
    var name: String { get }
    /// The amounts that it takes.
    var amounts: ClosedRange<Money> { get }
    /// Seconds after a sending from which the rail's "not found" proves that it was not received.
    var deadlineSeconds: Int64 { get }
    /// Seconds after a payout was paid at which the rail is asked whether it came back; nil when
    /// the rail tells so by itself.
    var returnCheckSeconds: Int64? { get }

    /// Hands a payout to the rail; the intent is stored already. The same reference twice must be
    /// the same payout to the rail.
    func send(_ instruction: PayoutInstruction) async throws(RailFault) -> PayoutAnswer

    /// Asks the rail what became of a payout.
    func enquire(_ instruction: PayoutInstruction) async throws(RailFault) -> PayoutAnswer
}

/// A payout as its rail sees it.
package struct PayoutInstruction: Sendable, Equatable {
    package let payout: Payout
    package let payee: Payee
    /// The moment of the call.
    package let at: Moment

    package init(payout: Payout, payee: Payee, at: Moment) {
        self.payout = payout
        self.payee = payee
        self.at = at
    }
}

/// The payout rails of this installation; the first one carries new payouts. In a live one there is
/// no simulated one among them.
package struct PayoutRailRegistry: Sendable {
    private let rails: [any PayoutRail]

    package init(_ rails: [any PayoutRail]) {
        self.rails = rails
    }

    /// The rail that carries new payouts.
    package var first: (any PayoutRail)? { rails.first }

    /// The rail of this name, if it is (still) here.
    package func rail(named name: String) -> (any PayoutRail)? {
        rails.first { $0.name == name }
    }
}
