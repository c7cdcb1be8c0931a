import Foundation
import KaunterCore
import KaunterEngine

extension World {
    private static let attemptsOfPatience = 4

    /// Plans whether and when a payer comes to the page of a payment, and how.
    func planPayer(of uuid: UUID, with order: Order) {
        guard !chance.happens(perMille: weather.isRush ? 750 : 80) else { return }
        // A few come when it is nearly too late, and some when it is.
        let at = chance.within([
            (2_000...120_000, 8), (600_000...1_800_000, 1), (1_700_000...4_000_000, 1),
        ])
        plan(in: at) { world in await world.pay(uuid, order, tries: 1) }
        if chance.happens(perMille: 200) {
            plan(in: at + chance.within(0...4_000)) { world in
                await world.pay(uuid, order, tries: Self.attemptsOfPatience)
            }
        }
        if chance.happens(perMille: 200) {
            plan(in: at + chance.within(1_000...1_200_000)) { world in await world.leave(uuid) }
        }
    }

    /// A payer chooses a bank, and tries again later when it does not go on.
    func pay(_ uuid: UUID, _ order: Order, tries: Int) async {
        guard let node = anyNode() else { return payAgain(uuid, order, tries) }
        let code = order.draft.depositCode?.code ?? ""
        let choice = code == "FPX" ? chance.pick(Catalogue.fpxBanks).code : code
        do {
            let attempt = try await node.engine.beginAttempt(of: uuid, with: choice)
            books.begun.append(attempt.reference)
            note("attempt \(attempt.reference) of \(attempt.payment.rawValue): \(attempt.state)")
            if !attempt.state.isOpen { payAgain(uuid, order, tries) }
        } catch Refusal.attemptOpen {
            see("second tab")
        } catch let refusal as Refusal {
            note("pay refused: \(refusal)")
        } catch {
            note("pay on \(node.life.node): \(error)")
            payAgain(uuid, order, tries)
        }
    }

    /// A payer who was turned down tries another time, or doesn't.
    func payAgain(_ uuid: UUID, _ order: Order, _ tries: Int) {
        guard tries < Self.attemptsOfPatience, chance.happens(perMille: 700) else { return }
        plan(in: 5_000...300_000) { world in await world.pay(uuid, order, tries: tries + 1) }
    }

    /// A payer presses "back to the shop".
    func leave(_ uuid: UUID) async {
        guard let node = anyNode() else { return }
        books.left.insert(uuid)
        do {
            let payment = try await node.engine.leavePayment(uuid)
            see("left")
            note("left \(payment.id.rawValue): \(payment.status.rawValue)")
            show(payment.status.rawValue, of: payment.id.rawValue)
        } catch {
            note("leave refused: \(error)")
        }
    }
}
