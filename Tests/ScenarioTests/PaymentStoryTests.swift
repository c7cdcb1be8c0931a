import Foundation
import HTTPTypes
import KaunterAPI
import KaunterClient
import KaunterCore
import KaunterDatabase
import KaunterServer
import TestSupport
import Testing

/// A payment's whole way over real sockets, with the SDK on one side and a shop on the other.
@Suite("A payment from creation to notification")
struct PaymentStoryTests {
    @Test(
        "created, paid at the simulated bank, notified, asked about",
        arguments: TestDatabase.all)
    func paid(_ kind: TestDatabase) async throws {
        try await ScenarioPlace.use(kind) { place in
            let node = try place.node()
            try await Shop.open { shop in
                try await node.serve {
                    let merchant = try await Merchant(at: node)
                    let client = merchant.client(node)
                    let created = try await client.createPayment(
                        merchant.order("A-1", shop: shop.url))
                    #expect(created.paymentStatus == "wait")
                    #expect(created.url == "\(node.url)/\(created.uuid)")
                    try await pay(created, at: node)

                    let query = try await shop.notifications(1)[0]
                    let notification = try merchant.verifier.verify(query: query).message
                    #expect(notification.orderID == "A-1")
                    #expect(notification.paymentStatus == "paid")
                    #expect(notification.paymentAmount == "25.90")
                    let forged = query.replacing(
                        "payment_amount=25.90", with: "payment_amount=2590.00")
                    #expect(throws: VerificationFault.wrongSignature) {
                        try merchant.verifier.verify(query: forged)
                    }
                    let status = try await client.paymentStatus(orderID: "A-1")
                    #expect(status.paymentStatus == "paid")
                    #expect(status.id == created.id)
                    let history = try await client.paymentHistory()
                    #expect(history.data.map(\.orderID) == ["A-1"])
                    #expect(
                        try await client.createPayment(merchant.order("A-1", shop: shop.url))
                            == created)
                }
            }
        }
    }

    /// What the payer does: looks, chooses a bank, approves there, looks again.
    private func pay(_ created: CreatePaymentReply, at node: Node) async throws {
        try await Payer.use { payer in
            let choice = try await payer.look(created.url)
            #expect(choice.status == 200)
            #expect(choice.text.contains("Maybank (FPX)"))
            let chosen = try await payer.submit("\(created.url)/attempts", "bank=MBBFPX")
            #expect(chosen.status == 303)
            #expect(chosen.location.hasPrefix("\(node.url)/simulator/"))
            let bank = try await payer.look(chosen.location)
            #expect(bank.text.contains("RM 25.90"))
            let approved = try await payer.submit(chosen.location, "choice=approve&amount=25.90")
            #expect(approved.status == 303)
            let outcome = try await payer.look(created.url)
            #expect(outcome.text.contains("Payment received"))
        }
    }

    @Test("what the SDK is refused, it says", arguments: TestDatabase.all)
    func refused(_ kind: TestDatabase) async throws {
        try await ScenarioPlace.use(kind) { place in
            let node = try place.node()
            try await node.serve {
                let merchant = try await Merchant(at: node)
                var order = merchant.order("A-1")
                order.customerCode = "DUITNOW"
                do {
                    _ = try await merchant.client(node).createPayment(order)
                    Issue.record("a wrong code was taken")
                } catch KaunterError.refused(let status, let reply, let code, _) {
                    #expect(status == 400)
                    #expect(code == "invalid_fields")
                    #expect(reply["customer_code"].count == 1)
                }
            }
        }
    }

    @Test(
        "a notification whose receiver was down arrives after a restart, with the same sign",
        arguments: TestDatabase.all)
    func restart(_ kind: TestDatabase) async throws {
        try await ScenarioPlace.use(kind) { place in
            let node = try place.node()
            try await Shop.open { shop in
                shop.answer(.serviceUnavailable)
                let merchant = try await node.serve {
                    let merchant = try await Merchant(at: node)
                    let created = try await merchant.client(node).createPayment(
                        merchant.order("A-1", shop: shop.url))
                    try await pay(created, at: node)
                    _ = try await shop.notifications(1)
                    return merchant
                }
                shop.answer(.ok)
                // The first retry is due after seconds: a clock that is ahead saves the wait.
                try await node.serve(.later(bySeconds: 60)) {
                    let queries = try await shop.notifications(2)
                    let first = try SignedNotification(query: queries[0])
                    let second = try SignedNotification(query: queries[1])
                    #expect(second.sign == first.sign)
                    let verified = try merchant.verifier.verify(query: queries[1])
                    #expect(verified.message.paymentStatus == "paid")
                }
                // Delivered is delivered: a third start tells nothing.
                try await node.serve(.later(bySeconds: 100_000)) {
                    let status = try await merchant.client(node).paymentStatus(orderID: "A-1")
                    #expect(status.paymentStatus == "paid")
                }
                #expect(shop.queries.count == 2)
            }
        }
    }
}
