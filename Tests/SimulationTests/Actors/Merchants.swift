import Foundation
import KaunterAPI
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage

/// An order as a merchant sends it, and sends it again.
struct Order: Sendable {
    let account: Int
    let draft: PaymentOrderDraft

    var key: Books.OrderKey { Books.OrderKey(account: account, orderID: draft.orderID ?? "") }

    /// The same `order_id` with another amount.
    var contradicted: Order {
        var other = draft
        other.amount = draft.amount.map { $0 + .sen(1) }
        return Order(account: account, draft: other)
    }
}

extension World {
    private static let triesAtMost = 6

    /// Plans what the merchants of this life are going to order.
    func planOrders() {
        let rush = weather.isRush ? chance.within(0...3_600_000) : 0
        for number in 0..<weather.orders {
            let order = drawOrder(number)
            let at =
                weather.isRush
                ? rush + chance.within(0...2_000)
                : chance.within(0...(weather.isLong ? 6_000_000_000 : 10_800_000))
            plan(in: at) { world in await world.create(order, tries: 1) }
            if chance.happens(perMille: 150) {
                plan(in: at + chance.within(0...20)) { world in await world.create(order, tries: 1)
                }
            }
            if chance.happens(perMille: 250) {
                plan(in: at + chance.within(1_000...7_200_000)) { world in
                    await world.create(order, tries: 1)
                }
            }
            if chance.happens(perMille: 100) {
                plan(in: at + chance.within(0...4_000_000)) { world in
                    await world.create(order.contradicted, tries: 1)
                }
            }
        }
    }

    private func drawOrder(_ number: Int) -> Order {
        let account = weather.isRush ? 0 : Int(chance.within(0...1))
        var draft = PaymentOrderDraft()
        draft.orderID = "order-\(number)"
        draft.amount = .sen(chance.within(100...50_000))
        draft.depositCode = Catalogue.depositCode(
            chance.weighted([("CIMB", 4), ("FPX", 2), ("DUITNOW", 4)]))
        draft.service = draft.depositCode?.service
        draft.firstName = "Aisyah"
        draft.lastName = "Tan"
        draft.ip = "203.0.113.7"
        draft.description = number.isMultiple(of: 2) ? "Teh tarik, \(number)" : nil
        // Of a rush, most payments end at the same moment: nobody comes to pay them.
        draft.lifetimeSeconds = weather.isRush ? 900 : chance.pick([900, 1800, 3600])
        let receiver = weather.isRush ? 0 : chance.within(0...3)
        switch chance.weighted([(0, weather.isRush ? 0 : 1), (1, 5), (2, 3)]) {
        case 1: draft.targets.notificationEndpointURL = "https://r\(receiver).example/hook?shop=1"
        case 2: draft.targets.notificationEndpointID = Int64(account * 3) + chance.within(1...3)
        default: break
        }
        return Order(account: account, draft: draft)
    }

    /// A merchant creates a payment, and asks again while it gets no answer.
    func create(_ order: Order, tries: Int) async {
        guard let node = anyNode() else { return again(order, tries) }
        let before = books.lastAnswers[order.key]
        if books.askedAt[order.key] == nil { books.askedAt[order.key] = now }
        do {
            let account = try await node.engine.reader.read {
                try $0.account(SimulatedStore.accounts[order.account])
            }
            guard let account, let complete = order.draft.order else { return }
            let text = try await node.engine.createPayment(
                complete, draft: order.draft, for: account)
            heard(text, to: order, before: before)
        } catch let refusal as Refusal {
            see("create refused")
            note("create \(order.key.orderID) refused: \(refusal)")
        } catch {
            note("create \(order.key.orderID) on \(node.life.node): \(error)")
            again(order, tries)
        }
    }

    private func again(_ order: Order, _ tries: Int) {
        guard tries < Self.triesAtMost else { return }
        plan(in: 1_000...60_000) { world in await world.create(order, tries: tries + 1) }
    }

    private func heard(_ text: String, to order: Order, before: Books.Answer?) {
        guard let reply = try? CreatePaymentReply(json: JSONValue(parsing: Array(text.utf8))),
            let uuid = UUID(uuidString: reply.uuid)
        else { return report(.acknowledgedCreate, "an answer that can't be read: \(text)") }
        note("create \(order.key.orderID) of \(order.account): \(reply.id)")
        let askedAt = books.askedAt.removeValue(forKey: order.key) ?? now
        let known = books.answers.first { $0.uuid == uuid }
        if let known, known.text != text {
            return report(.acknowledgedCreate, "payment \(reply.id) was answered in two ways")
        }
        if let before, before.uuid != uuid { checkIsEnded(before, for: reply.id) }
        guard known == nil else { return see("create repeated") }
        let answer = Books.Answer(
            id: reply.id, uuid: uuid, text: text, amountSen: order.draft.amount?.minorUnits ?? 0,
            endsAt: askedAt.adding(seconds: order.draft.lifetimeSeconds))
        books.answers.append(answer)
        books.lastAnswers[order.key] = answer
        planPayer(of: uuid, with: order)
        for _ in 0..<chance.within(0...2) {
            plan(in: 1_000...20_000_000) { world in await world.ask(about: order) }
        }
    }

    /// Another payment under the same `order_id` may be only once the first has ended unpaid.
    private func checkIsEnded(_ before: Books.Answer, for id: Int64) {
        let status = store.rows("SELECT status FROM payments WHERE id = \(before.id)").first
        guard let word = status?.word("status"), word != "cancel", word != "fail" else { return }
        report(.oneLiveOrder, "payment \(id) was made while \(before.id) is \(word)")
    }

    /// A merchant asks for the status of an order.
    func ask(about order: Order) async {
        guard let node = anyNode() else { return }
        let payment = try? await node.engine.reader.read {
            try $0.payment(
                orderID: order.key.orderID, of: SimulatedStore.accounts[order.account])
        }
        guard let payment, payment.status.isFinal else { return }
        show(payment.status.rawValue, of: payment.id.rawValue)
    }

    /// Somebody sees a final status: it must stay what it is.
    func show(_ status: String, of id: Int64) {
        if let shown = books.shown[id], shown != status {
            report(.finalStays, "payment \(id) was shown as \(shown), and then as \(status)")
        }
        books.shown[id] = status
    }
}
