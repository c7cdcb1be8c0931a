import KaunterCore
import Testing

/// Every sequence of a few events, so that no combination is left to chance.
@Suite("Rules that hold whatever happens")
struct PaymentInvariantTests {
    /// What may happen next.
    private enum Step: CaseIterable {
        case ask
        case begin
        case approveLast
        case approveFirst
        case approveWrong
        case receivePart
        case receiveTooMuch
        case decline
        case cancel
        case stayPending
        case moneyOutside
        case leave
        case passTime

        func event(for story: PaymentStory) -> PaymentEvent {
            let last = story.attempts.last
            let reference = last?.reference ?? "NONE"
            let asked = last?.amount.minorUnits ?? 100_00
            func receipt(_ sen: Int64) -> RailReceipt { Sample.receipt(sen, for: reference) }
            func answer(_ answer: RailAnswer) -> PaymentEvent {
                .railAnswered(reference: reference, answer)
            }
            switch self {
            case .ask: return .attemptAsked(Sample.plan("R\(story.attempts.count + 1)"))
            case .begin: return answer(.begun(.qrCode(payload: "Q")))
            case .approveLast: return answer(.approved(receipt(asked)))
            case .approveFirst:
                let first = story.attempts.first
                let amount = first?.amount.minorUnits ?? 100_00
                return .railAnswered(
                    reference: first?.reference ?? "NONE",
                    .approved(Sample.receipt(amount, for: first?.reference ?? "NONE")))
            case .approveWrong: return answer(.approved(receipt(asked + 1)))
            case .receivePart: return answer(.received(receipt(40_00)))
            case .receiveTooMuch: return answer(.received(receipt(130_00)))
            case .decline: return answer(.declined(code: "51"))
            case .cancel: return answer(.cancelled)
            case .stayPending: return answer(.pending)
            case .moneyOutside: return .moneyCame(Sample.receipt(60_00))
            case .leave: return .payerLeft
            case .passTime: return .timeCame
            }
        }
    }

    /// Ends a search at its first finding.
    private struct Finding: Error {
        let fault: String
        let path: [Step]
    }

    /// Where a search begins, so that short sequences reach far.
    enum Opening: CaseIterable {
        case created
        case attemptOpen
        case declinedThenOpen
        case partKept

        func story(_ partialMoney: PartialMoney) throws(Refusal) -> PaymentStory {
            var story = PaymentStory(partialMoney)
            if self == .declinedThenOpen {
                try story.attempt("R1", at: 0)
                try story.hear(.declined(code: "51"), of: "R1", at: 0)
                try story.attempt("R2", at: 0)
            }
            if self == .attemptOpen { try story.attempt("R1", at: 0) }
            if self == .partKept { try story.happen(.moneyCame(Sample.receipt(10_00)), at: 0) }
            return story
        }
    }

    @Test(
        "no sequence of four events breaks a rule, wherever it begins",
        arguments: Opening.allCases, PartialMoney.allCases)
    func sequences(opening: Opening, partialMoney: PartialMoney) throws {
        for start: Int64 in [1, 1500] {
            var count = 0
            try Self.explore(
                opening.story(partialMoney), second: start, path: [], depth: 4, count: &count)
            #expect(count == 13 + 13 * 13 + 13 * 13 * 13 + 13 * 13 * 13 * 13)
        }
    }

    private static func explore(
        _ story: PaymentStory, second: Int64, path: [Step], depth: Int, count: inout Int
    ) throws {
        guard depth > 0 else { return }
        for step in Step.allCases {
            count += 1
            var next = story
            let now = second + (step == .passTime ? 400 : 1)
            do throws(Refusal) {
                try next.happen(step.event(for: story), at: now)
            } catch {
                guard [.ask, .leave].contains(step) else {
                    throw Finding(fault: "\(step) was refused", path: path + [step])
                }
            }
            if let fault = next.fault ?? changed(story, next, by: step) {
                throw Finding(fault: fault, path: path + [step])
            }
            try explore(next, second: now, path: path + [step], depth: depth - 1, count: &count)
        }
    }

    /// What one step must not do.
    private static func changed(
        _ before: PaymentStory, _ after: PaymentStory, by step: Step
    ) -> String? {
        if before.payment.status.isFinal && before.payment != after.payment {
            return "a final payment has changed"
        }
        if step == .approveWrong && before.payment.status != .paid && after.payment.status == .paid
        {
            return "paid by a contradiction"
        }
        if after.payment.received < before.payment.received { return "kept money was taken away" }
        return nil
    }
}
