import KaunterCore
import KaunterEngine

// Operators give payments back, whole and in parts, several at once, and sometimes too much.

extension World {
    /// Refunds a payment that is paid.
    func refund() {
        guard let paid = drawPaid() else { return }
        let part = max(1, paid.sen / 3)
        let parts = chance.weighted([
            ([paid.sen], 3), ([part], 3), ([part, part], 2), ([paid.sen, paid.sen], 2),
            ([part, part, part, part], 1), ([paid.sen + 1], 1), ([paid.sen, part], 1),
        ])
        if parts.count > 1 { see("refunds at once") }
        for sen in parts {
            plan(in: 0...100) { world in await world.refund(paid.id, sen: sen) }
        }
        guard chance.happens(perMille: 200) else { return }
        // The letter of the bank comes on the same day.
        plan(in: 0...200) { world in
            await world.operate(
                "reverse", on: String(paid.id.rawValue), account: paid.account, sen: -part
            ) { engine, record in
                _ = try await engine.reversePayment(paid.id, amount: .sen(part), act: record)
            }
        }
    }

    private func refund(_ payment: Payment.ID, sen: Int64) async {
        let isNamed = chance.happens(perMille: 300)
        let number = String(chance.within(9_000_000_000...9_999_999_999))
        let named = WayBack(
            bank: chance.pick(Catalogue.payoutBanks),
            payee: Payee(
                firstName: "Aisyah", lastName: "Tan", number: number, furtherFields: "{}"))
        await operate(
            "refund", on: String(payment.rawValue), sen: sen,
            then: { world in
                guard world.chance.happens(perMille: 100) else { return }
                await world.freeze(account: Int(world.chance.within(0...1)))
            },
            perform: { engine, record in
                _ = try await engine.refund(
                    payment, amount: .sen(sen), to: isNamed ? named : nil, act: record)
            })
    }
}
