import KaunterCore
import Testing

@Suite("Stories of money that does not fit")
struct PaymentMoneyStoryTests {
    @Test("money after cancel and fail is late, and after paid double; the status stays")
    func afterFinal() throws {
        for status: PaymentStatus in [.cancel, .fail, .paid] {
            var story = PaymentStory()
            try story.attempt("A", at: 10)
            switch status {
            case .cancel: try story.hear(.cancelled, of: "A", at: 20)
            case .fail: try story.hear(.declined(code: "51"), of: "A", at: 20)
            default: try story.approve(100_00, of: "A", at: 20)
            }
            if status != .paid { try story.happen(.payerLeft, at: 30) }
            let before = story.payment
            #expect(before.status == status)
            try story.approve(100_00, of: "A", at: 40)
            try story.happen(.moneyCame(Sample.receipt(1)), at: 50)
            #expect(story.payment == before)
            let word = status == .paid ? "double" : "late"
            #expect(story.suspended == ["\(word) 10000", "\(word) 1"])
        }
    }

    @Test("two attempts that both bring money: the first makes it paid, the second is double")
    func double() throws {
        var story = PaymentStory()
        try story.attempt("A", at: 10)
        try story.hear(.declined(code: "99"), of: "A", at: 20)
        try story.attempt("B", at: 30)
        try story.approve(100_00, of: "A", at: 40)
        #expect(story.payment.status == .paid)
        #expect(story.states == [.received, .open])
        try story.approve(100_00, of: "B", at: 50)
        #expect(story.suspended == ["double 10000"])
        #expect(story.payment.paid == .sen(100_00))
    }

    @Test("a part is kept until the rest comes, and then all of it is paid")
    func partThenRest() throws {
        var story = PaymentStory()
        try story.attempt("A", at: 10)
        try story.hear(.received(Sample.receipt(40_00, for: "A")), of: "A", at: 20)
        #expect(story.payment.status == .wait)
        #expect(story.payment.missing == .sen(60_00))
        try story.attempt("B", at: 30)
        try story.approve(60_00, of: "B", at: 40)
        #expect(story.payment.status == .paid)
        #expect(story.payment.paid == .sen(100_00))
        #expect(story.payment.isPartial == false)
        #expect(story.suspended == [])
    }

    @Test("the whole sum, for an attempt that asked only for the rest, is a contradiction")
    func wholeForRest() throws {
        var story = PaymentStory()
        try story.happen(.moneyCame(Sample.receipt(40_00)), at: 5)
        try story.attempt("A", at: 10)
        try story.approve(100_00, of: "A", at: 20)
        #expect(story.payment.status == .wait)
        #expect(story.suspended == ["mismatch 10000"])
    }

    @Test("money outside of attempts while one is open: what is too much goes to suspense")
    func racingMoney() throws {
        var story = PaymentStory()
        try story.attempt("A", at: 10)
        try story.happen(.moneyCame(Sample.receipt(40_00)), at: 15)
        try story.approve(100_00, of: "A", at: 20)
        #expect(story.payment.status == .paid)
        #expect(story.payment.paid == .sen(100_00))
        #expect(story.suspended == ["over 4000"])
    }

    @Test("a part, and then the time is over: fail, and the part is to be returned")
    func partThenTime() throws {
        var story = PaymentStory()
        try story.happen(.moneyCame(Sample.receipt(40_00)), at: 10)
        try story.happen(.timeCame, at: 1800)
        #expect(story.payment.status == .fail)
        #expect(story.payment.paid == .zero)
        #expect(story.payment.isPartial == false)
        #expect(story.suspended == ["partial 4000"])
    }

    @Test("an account that takes parts is paid with one, and the rest is double")
    func partAccepted() throws {
        var story = PaymentStory(.accept)
        try story.happen(.moneyCame(Sample.receipt(40_00)), at: 10)
        #expect(story.payment.status == .paid)
        #expect(story.payment.paid == .sen(40_00))
        #expect(story.payment.isPartial == true)
        try story.happen(.moneyCame(Sample.receipt(60_00)), at: 20)
        #expect(story.payment.paid == .sen(40_00))
        #expect(story.suspended == ["double 6000"])
    }

    @Test("the largest number a rail can write is no danger")
    func hugeMoney() throws {
        var story = PaymentStory()
        try story.attempt("A", at: 10)
        try story.hear(.received(Sample.receipt(.max, for: "A")), of: "A", at: 20)
        #expect(story.payment.paid == .sen(100_00))
        #expect(story.suspended == ["over \(Int64.max - 100_00)"])
        try story.happen(.moneyCame(Sample.receipt(.min)), at: 30)
        #expect(story.suspense.last?.reason == .mismatch)
    }

    @Test("a rail that repeats a contradiction is asked until its deadline, and no longer")
    func contradiction() throws {
        var story = PaymentStory()
        try story.attempt("A", at: 1700)
        for second: Int64 in [1720, 1800, 2299] {
            try story.approve(1_00, of: "A", at: second)
            #expect(story.payment.status == .wait)
            let next = try #require(story.attempts.first?.nextEnquiryAt)
            #expect(next > Sample.second(second))
        }
        #expect(story.attempts.first?.enquiries == 3)
        try story.approve(1_00, of: "A", at: 2300)
        #expect(story.payment.status == .cancel)
        #expect(story.suspended == Array(repeating: "mismatch 100", count: 4))
    }

    @Test("a no after money is written down and changes nothing")
    func contradictedMoney() throws {
        var story = PaymentStory()
        try story.attempt("A", at: 10)
        try story.approve(100_00, of: "A", at: 20)
        let before = story
        try story.hear(.declined(code: "51"), of: "A", at: 30)
        try story.hear(.cancelled, of: "A", at: 30)
        #expect(story.payment == before.payment)
        #expect(story.attempts == before.attempts)
        #expect(
            story.records.suffix(2) == [
                PaymentRecord(.railContradicted, attempt: 1, detail: "declined"),
                PaymentRecord(.railContradicted, attempt: 1, detail: "cancelled"),
            ])
    }
}
