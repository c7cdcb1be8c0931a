import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

/// A payout as a merchant orders it, and orders it again.
struct PayoutWish: Sendable {
    let account: Int
    let draft: PayoutOrderDraft

    var key: Books.OrderKey { Books.OrderKey(account: account, orderID: draft.orderID ?? "") }

    /// The same `order_id` with another amount.
    var contradicted: PayoutWish {
        var other = draft
        other.amount = draft.amount.map { $0 + .sen(1) }
        return PayoutWish(account: account, draft: other)
    }
}

extension World {
    private static let triesAtMost = 6
    private static let looksAtMost = 20
    /// Milliseconds after the beginning within which merchants want money paid out.
    private var wishMilliseconds: ClosedRange<Int64> {
        weather.isLong ? 3_600_000...9_000_000_000 : 600_000...500_000_000
    }

    /// Plans when the merchants of this life look at what they have.
    func planWishes() {
        for number in 0..<weather.payoutWishes {
            plan(in: wishMilliseconds) { world in await world.wish(number, looks: 1) }
        }
    }

    /// A merchant looks at its balance and orders payouts: one, or several at once which can't all
    /// be paid.
    private func wish(_ number: Int, looks: Int) async {
        let account = Int(chance.within(0...1))
        guard let node = anyNode(),
            let balances = try? await node.engine.reader.read({
                try $0.balances(of: SimulatedStore.accounts[account])
            })
        else { return }
        if balances.available < 100, looks < Self.looksAtMost, chance.happens(perMille: 950) {
            let pause = wishMilliseconds.upperBound / 40
            return plan(in: pause) { world in await world.wish(number, looks: looks + 1) }
        }
        let isStorm = chance.happens(perMille: 300)
        if isStorm { see("payouts at once") }
        for twin in 0..<(isStorm ? 4 : 1) {
            let sen = isStorm ? balances.available * 2 / 3 : wish(balances.available, account)
            let wish = draw("payout-\(number)-\(twin)", max(1, sen), account)
            plan(in: 0...100) { world in await world.create(wish, tries: 1) }
            if chance.happens(perMille: 250) {
                plan(in: 0...20_000_000) { world in await world.create(wish, tries: 1) }
            }
            if chance.happens(perMille: 100) {
                plan(in: 0...4_000_000) { world in
                    await world.create(wish.contradicted, tries: 1)
                }
            }
        }
    }

    /// A part of what is there, just all of it with its fee, or one sen more.
    private func wish(_ available: Int64, _ account: Int) -> Int64 {
        let id = store.text(of: SimulatedStore.accounts[account])
        let fee = Agreement.newest(of: id, for: PayoutBank.service, in: store)?.fee(of: available)
        let whole = available - (fee ?? 0)
        return chance.weighted([(available / 3, 4), (whole, 3), (whole + 1, 2), (available, 1)])
    }

    private func draw(_ orderID: String, _ sen: Int64, _ account: Int) -> PayoutWish {
        var draft = PayoutOrderDraft()
        draft.orderID = orderID
        draft.amount = .sen(sen)
        draft.isServiceKnown = true
        draft.bank = chance.pick(Catalogue.payoutBanks.filter(\.isOffered))
        draft.number = String(chance.within(1_000_000_000...9_999_999_999))
        draft.firstName = "Aisyah"
        draft.lastName = "Tan"
        switch chance.weighted([(0, 1), (1, 3), (2, 3)]) {
        case 1: draft.targets.notificationEndpointURL = "https://r\(account).example/payouts"
        case 2: draft.targets.notificationEndpointID = Int64(account * 3) + chance.within(1...3)
        default: break
        }
        return PayoutWish(account: account, draft: draft)
    }

    /// A merchant orders a payout, and asks again while it gets no answer.
    private func create(_ wish: PayoutWish, tries: Int) async {
        guard let node = anyNode() else { return again(wish, tries) }
        do {
            let account = try await node.engine.reader.read {
                try $0.account(SimulatedStore.accounts[wish.account])
            }
            guard let account, let order = wish.draft.order else { return }
            let text = try await node.engine.createPayout(order, draft: wish.draft, for: account)
            heard(text, to: wish)
        } catch let refusal as Refusal {
            see("payout refused")
            note("payout \(wish.key.orderID) refused: \(refusal)")
        } catch {
            note("payout \(wish.key.orderID) on \(node.life.node): \(error)")
            again(wish, tries)
        }
    }

    private func again(_ wish: PayoutWish, _ tries: Int) {
        guard tries < Self.triesAtMost else { return }
        plan(in: 1_000...60_000) { world in await world.create(wish, tries: tries + 1) }
    }

    private func heard(_ text: String, to wish: PayoutWish) {
        guard let reply = try? CreatePayoutReply(json: JSONValue(parsing: Array(text.utf8))) else {
            return report(.acknowledgedCreate, "an answer that can't be read: \(text)")
        }
        note("payout \(wish.key.orderID) of \(wish.account): \(reply.id)")
        if let known = books.payouts[wish.key] {
            see("payout repeated")
            if known.text != text {
                report(.acknowledgedCreate, "payout \(reply.id) was answered in two ways")
            }
        }
        // Somebody looked twice at whom it goes to.
        if chance.happens(perMille: 60) {
            plan(in: 0...50) { world in await world.freeze(account: wish.account) }
        }
        books.payouts[wish.key] = Books.PayoutAnswer(
            id: reply.id, text: text, sen: wish.draft.amount?.minorUnits ?? 0,
            number: wish.draft.number ?? "")
    }
}
