import KaunterCore
import Testing

@Suite("Repeated orders")
struct PaymentRepeatingTests {
    @Test("the same order has no differences, and neither has another payer or lifetime")
    func same() {
        let payment = Sample.payment()
        #expect(payment.differences(from: Sample.order()) == [])
        let again = PaymentOrder(
            orderID: "order-1", amount: .sen(100_00), depositCode: Sample.bank,
            payer: PaymentOrder.Payer(
                firstName: "Other", lastName: "Name", ip: "2001:db8::1", furtherFields: "[]"),
            targets: PaymentOrder.Targets(), description: "words", lifetimeSeconds: 3600)
        #expect(payment.differences(from: again) == [])
    }

    @Test("amount, service and code are named when they differ")
    func fields() throws {
        let payment = Sample.payment()
        #expect(payment.differences(from: Sample.order(amount: .sen(100_01))) == ["amount"])
        let otherBank = Sample.order(code: Catalogue.fpxBanks[1])
        #expect(payment.differences(from: otherBank) == ["customer_code"])
        let wallet = try #require(Catalogue.depositCode("TNGODUITNOW"))
        #expect(
            payment.differences(from: Sample.order(code: wallet)) == ["service", "customer_code"])
    }

    @Test("each target is compared by itself, in both directions")
    func targets() {
        let writes: [(String, (inout PaymentOrder.Targets) -> Void)] = [
            ("success_redirect_id", { $0.successRedirectID = 1 }),
            ("fail_redirect_id", { $0.failRedirectID = 1 }),
            ("notification_endpoint_id", { $0.notificationEndpointID = 1 }),
            ("success_redirect_url", { $0.successRedirectURL = "https://a.example" }),
            ("fail_redirect_url", { $0.failRedirectURL = "https://a.example" }),
            ("notification_endpoint_url", { $0.notificationEndpointURL = "https://a.example" }),
        ]
        var all = PaymentOrder.Targets()
        for (field, write) in writes {
            var targets = PaymentOrder.Targets()
            write(&targets)
            write(&all)
            let order = Sample.order(targets: targets)
            #expect(Sample.payment().differences(from: order) == [field])
            #expect(Sample.payment(of: order).differences(from: Sample.order()) == [field])
            #expect(Sample.payment(of: order).differences(from: order) == [])
        }
        #expect(
            Sample.payment().differences(from: Sample.order(targets: all)) == writes.map(\.0))
    }
}
