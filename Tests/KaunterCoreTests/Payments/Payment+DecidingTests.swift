import KaunterCore
import Testing

@Suite("Deciding about payments")
struct PaymentDecidingTests {
    @Test(
        "every event means what the table says, for every constellation of attempts",
        arguments: DecisionStage.allCases, PartialMoney.allCases)
    func table(stage: DecisionStage, partialMoney: PartialMoney) throws {
        let meanings = DecisionLegend.meanings(at: stage, partialMoney: partialMoney)
        let rows = Self.rows(of: stage.status.isFinal ? DecisionTable.final : DecisionTable.waiting)
        for (label, words) in rows {
            try #require(words.count == DecisionTable.columns.count, "\(label)")
            for (states, word) in zip(DecisionTable.columns, words) {
                let cell = try #require(
                    DecisionCase(stage: stage, label: label, states: states), "\(label)")
                let meaning = try #require(meanings[word], "\(word)")
                let said = Self.text(cell, partialMoney)
                #expect(said == meaning, "\(label), attempts \(states.map(\.rawValue))")
            }
        }
    }

    @Test("both grids have the same rows, each of them once")
    func sameRows() {
        let labels = Self.rows(of: DecisionTable.waiting).map(\.label)
        #expect(labels == Self.rows(of: DecisionTable.final).map(\.label))
        #expect(Set(labels).count == labels.count)
        #expect(labels.count == 43)
    }

    @Test(
        "money, final facts and the attempts' numbers agree in every cell",
        arguments: DecisionStage.allCases, PartialMoney.allCases)
    func sums(stage: DecisionStage, partialMoney: PartialMoney) throws {
        for (label, _) in Self.rows(of: DecisionTable.waiting) {
            for states in DecisionTable.columns {
                let cell = try #require(
                    DecisionCase(stage: stage, label: label, states: states), "\(label)")
                guard let decision = try? cell.decide(partialMoney) else { continue }
                #expect(cell.faults(of: decision) == [], "\(label), \(states.map(\.rawValue))")
            }
        }
    }

    private static func rows(of grid: String) -> [(label: String, words: [String])] {
        grid.split(separator: "\n").dropFirst().map { line in
            let halves = line.split(separator: "|").map {
                $0.split(separator: " ").map(String.init)
            }
            return (halves[0].joined(separator: " "), halves[1])
        }
    }

    /// What was decided, in the words of the legend.
    private static func text(_ cell: DecisionCase, _ partialMoney: PartialMoney) -> String {
        let decision: PaymentDecision
        do throws(Refusal) {
            decision = try cell.decide(partialMoney)
        } catch {
            return "!\(error)"
        }
        let attempts = decision.attempts.map { attempt in
            let before = cell.attempts.first { $0.number == attempt.number }
            let isAsked =
                before?.state == attempt.state && before != attempt && attempt.state.isOpen
            return isAsked ? "asked" : attempt.state.rawValue
        }
        return [
            decision.payment.status.rawValue, attempts.joined(separator: " "),
            decision.suspense.map(\.reason.rawValue).joined(separator: " "),
            decision.records.map(\.kind.rawValue).joined(separator: " "),
        ].joined(separator: " | ")
    }
}

extension DecisionCase {
    func decide(_ partialMoney: PartialMoney) throws(Refusal) -> PaymentDecision {
        try payment.deciding(event, attempts: attempts, partialMoney: partialMoney, at: now)
    }

    /// What is wrong with a decision, whatever was decided.
    func faults(of decision: PaymentDecision) -> [String] {
        let after = decision.payment
        var faults: [String] = []
        func check(_ holds: Bool, _ fault: String) {
            if !holds { faults.append(fault) }
        }
        let suspended = decision.suspense.map(\.minorUnits).reduce(0, +)
        let returned = after.status == .fail && payment.status == .wait ? payment.received : .zero
        let used = after.received.minorUnits - payment.received.minorUnits
        check(
            (decision.receipt?.minorUnits ?? 0) + returned.minorUnits == used + suspended,
            "money was lost or made")
        for entry in decision.suspense {
            let currency = entry.reason == .mismatch ? decision.receipt?.currency : "MYR"
            check(entry.currency == currency, "suspense of another currency")
        }
        check(after.status.isFinal == (after.finalAt != nil), "finalAt")
        check(after.status.isFinal == (after.paid != nil), "paid")
        check(after.status.isFinal == (after.isPartial != nil), "isPartial")
        check(after.paid ?? .zero <= after.amount, "paid more than the amount")
        check(!payment.status.isFinal || after == payment, "a final payment has changed")
        if after.status == .paid {
            check(after.paid == after.received, "paid is not what came")
            check(after.isPartial == (after.received < after.amount), "isPartial is wrong")
        }
        for attempt in decision.attempts {
            check(attempt.state.isOpen == (attempt.endedAt == nil), "endedAt of an attempt")
            check(attempt.state.isOpen == (attempt.nextEnquiryAt != nil), "its next enquiry")
        }
        let concerned = decision.attempts.first?.number ?? attempts.last?.number
        for record in decision.records {
            let isOfPayment = [.paid, .cancelled, .failed].contains(record.kind)
            var isMoneyOutside = false
            if case .moneyCame = event { isMoneyOutside = true }
            let expected = isOfPayment || isMoneyOutside ? nil : concerned
            check(record.attempt == expected, "\(record.kind) of attempt")
        }
        return faults
    }
}
