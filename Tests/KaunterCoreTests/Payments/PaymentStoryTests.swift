import KaunterCore
import Testing

@Suite("Stories of payments")
struct PaymentStoryTests {
    @Test("a second tab can't begin while the first one's attempt is open")
    func twoTabs() throws {
        var story = PaymentStory()
        try story.happen(.attemptAsked(Sample.plan("A")), at: 10)
        #expect(throws: Refusal.attemptOpen) {
            try story.happen(.attemptAsked(Sample.plan("B")), at: 11)
        }
        try story.hear(.begun(.qrCode(payload: "A")), of: "A", at: 12)
        #expect(throws: Refusal.attemptOpen) { try story.attempt("B", at: 13) }
        #expect(story.attempts.map(\.reference) == ["A"])
        #expect(story.attempts.first?.step == .qrCode(payload: "A"))
    }

    @Test("after a decline another bank can be tried, and makes it paid")
    func declineThenAnotherBank() throws {
        var story = PaymentStory()
        try story.attempt("A", at: 10)
        try story.hear(.declined(code: "51"), of: "A", at: 20)
        #expect(story.payment.status == .wait)
        #expect(story.records.last?.detail == "51")
        try story.attempt("B", at: 30)
        try story.approve(100_00, of: "B", at: 40)
        #expect(story.payment.status == .paid)
        #expect(story.payment.paid == .sen(100_00))
        #expect(story.payment.isPartial == false)
        #expect(story.payment.finalAt == Sample.second(40))
        #expect(story.states == [.declined, .received])
        #expect(
            story.kinds == [
                .attemptIntended, .attemptOpened, .attemptDeclined, .attemptIntended,
                .attemptOpened, .moneyReceived, .paid,
            ])
    }

    @Test("time runs out while the bank is at work, and then it says yes")
    func timeThenYes() throws {
        var story = PaymentStory()
        try story.attempt("A", at: 1790)
        for second: Int64 in [1800, 1900, 2389] {
            try story.happen(.timeCame, at: second)
            try story.hear(.pending, of: "A", at: second)
            try story.hear(.notFound, of: "A", at: second)
            #expect(story.payment.status == .wait)
        }
        #expect(throws: Refusal.attemptOpen) { try story.attempt("B", at: 1900) }
        try story.approve(100_00, of: "A", at: 2389)
        #expect(story.payment.status == .paid)
        #expect(story.suspended == [])
    }

    @Test("at the rail's deadline, and not before, silence is the end")
    func silence() throws {
        var story = PaymentStory()
        try story.attempt("A", at: 1790)
        try story.hear(.notFound, of: "A", at: 2389)
        #expect(story.payment.status == .wait)
        try story.hear(.notFound, of: "A", at: 2390)
        #expect(story.payment.status == .cancel)
        #expect(story.states == [.lapsed])
        try story.approve(100_00, of: "A", at: 2391)
        #expect(story.payment.status == .cancel)
        #expect(story.payment.paid == .zero)
        #expect(story.suspended == ["late 10000"])
    }

    @Test("leaving is refused while the bank is at work, and before it is known to have begun")
    func leavingAnOpenAttempt() throws {
        var story = PaymentStory()
        try story.happen(.attemptAsked(Sample.plan("A")), at: 10)
        #expect(throws: Refusal.attemptOpen) { try story.happen(.payerLeft, at: 11) }
        try story.hear(.begun(.redirect(url: "https://bank.example")), of: "A", at: 12)
        #expect(throws: Refusal.attemptOpen) { try story.happen(.payerLeft, at: 13) }
        #expect(story.payment.status == .wait)
        try story.hear(.cancelled, of: "A", at: 14)
        try story.happen(.payerLeft, at: 15)
        #expect(story.payment.status == .cancel)
    }

    @Test(
        "leaving is cancel, but fail after a decline",
        arguments: [(RailAnswer.cancelled, PaymentStatus.cancel), (.declined(code: "51"), .fail)])
    func leaving(answer: RailAnswer, status: PaymentStatus) throws {
        var story = PaymentStory()
        try story.attempt("A", at: 10)
        try story.hear(answer, of: "A", at: 20)
        try story.happen(.payerLeft, at: 30)
        #expect(story.payment.status == status)
        #expect(story.payment.paid == .zero)
    }

    @Test(
        "the last attempt says whether the end is cancel or fail",
        arguments: [
            ([RailAnswer.declined(code: "51"), .cancelled], PaymentStatus.cancel),
            ([.cancelled, .declined(code: "51")], .fail),
        ])
    func lastAttempt(answers: [RailAnswer], status: PaymentStatus) throws {
        var story = PaymentStory()
        for (index, answer) in answers.enumerated() {
            try story.attempt("A\(index)", at: 10)
            try story.hear(answer, of: "A\(index)", at: 20)
        }
        try story.happen(.timeCame, at: 1799)
        #expect(story.payment.status == .wait)
        try story.happen(.timeCame, at: 1800)
        #expect(story.payment.status == status)
    }

    @Test("a bank that says no and then yes is believed while the payment waits")
    func noThenYes() throws {
        var story = PaymentStory()
        try story.attempt("A", at: 10)
        try story.hear(.declined(code: "99"), of: "A", at: 20)
        try story.approve(100_00, of: "A", at: 30)
        #expect(story.payment.status == .paid)
        #expect(story.states == [.received])
    }

    @Test("answers that come twice change nothing the second time")
    func twice() throws {
        var story = PaymentStory()
        try story.attempt("A", at: 10)
        try story.hear(.declined(code: "51"), of: "A", at: 20)
        let once = story
        try story.hear(.declined(code: "51"), of: "A", at: 21)
        try story.hear(.cancelled, of: "A", at: 22)
        try story.hear(.pending, of: "A", at: 23)
        try story.hear(.begun(.qrCode(payload: "again")), of: "A", at: 24)
        #expect(story.payment == once.payment)
        #expect(story.attempts == once.attempts)
        #expect(story.records == once.records)
    }

    @Test("an attempt begun twice keeps its first step")
    func begunTwice() throws {
        var story = PaymentStory()
        try story.attempt("A", at: 10)
        try story.hear(.begun(.qrCode(payload: "again")), of: "A", at: 11)
        #expect(story.attempts.first?.step == .qrCode(payload: "…"))
    }

    @Test("a payment takes twenty attempts and no more")
    func manyAttempts() throws {
        var story = PaymentStory()
        for number in 1...20 {
            try story.attempt("A\(number)", at: 10)
            try story.hear(.cancelled, of: "A\(number)", at: 11)
        }
        #expect(throws: Refusal.tooManyAttempts) { try story.attempt("B", at: 12) }
        #expect(story.attempts.count == 20)
    }

    @Test("an attempt asks for what is missing, and ends at its own rail's deadline")
    func plan() throws {
        var story = PaymentStory()
        try story.happen(.moneyCame(Sample.receipt(30_00)), at: 5)
        try story.happen(.attemptAsked(Sample.plan("A")), at: 10)
        let attempt = try #require(story.attempts.first)
        #expect(attempt.amount == .sen(70_00))
        #expect(attempt.deadlineAt == Sample.second(610))
        #expect(attempt.nextEnquiryAt == Sample.second(30))
        #expect(story.records.last?.detail == Sample.bank.code)
    }

    @Test("each silence is followed by a later enquiry, the last one at the deadline")
    func enquiries() throws {
        var story = PaymentStory()
        try story.attempt("A", at: 0)
        var asked: [Int64] = []
        while let next = story.attempts.first?.nextEnquiryAt {
            let second = next.secondsSince(Sample.second(0))
            asked.append(second)
            try story.hear(.pending, of: "A", at: second)
        }
        #expect(asked == [20, 60, 120, 240, 540, 600])
        #expect(story.states == [.lapsed])
        #expect(story.payment.status == .wait)
    }
}
