import KaunterCore
import Testing

@Suite("What an account's terms allow")
struct PaymentTermsTests {
    private static func terms(plain: Bool = false) -> PaymentTerms {
        PaymentTerms(
            served: [.onlineBanking: .sen(1_00)...Money.sen(30_000_00)], redirects: [1, 2],
            endpoints: [3], allowsPlainNotifications: plain)
    }

    private static func draft(
        amount: Money? = .sen(100_00), service: Service? = .onlineBanking,
        _ change: (inout PaymentOrder.Targets) -> Void = { _ in }
    ) -> PaymentOrderDraft {
        var draft = PaymentOrderDraft()
        draft.amount = amount
        draft.service = service
        change(&draft.targets)
        return draft
    }

    @Test(
        "amounts are within the service's limits, both of them included",
        arguments: [
            (99, "The amount must be at least 1.00."), (1_00, nil), (30_000_00, nil),
            (30_000_01, "The amount may not be greater than 30000.00."),
        ] as [(Int64, String?)])
    func amounts(sen: Int64, message: String?) {
        let errors = Self.terms().faults(of: Self.draft(amount: .sen(sen)))
        #expect(errors == (message.map { FieldErrors("amount", $0) } ?? FieldErrors()))
    }

    @Test("a service that no rail serves is inactive, whatever the amount")
    func inactiveService() {
        let errors = Self.terms().faults(of: Self.draft(amount: .sen(1), service: .qrCode))
        #expect(errors == FieldErrors("service", "The selected service is inactive."))
    }

    @Test("ids must be the account's own")
    func ids() {
        let known = Self.draft {
            $0.successRedirectID = 1
            $0.failRedirectID = 2
            $0.notificationEndpointID = 3
        }
        #expect(Self.terms().faults(of: known).isEmpty)
        let foreign = Self.draft {
            $0.successRedirectID = 3
            $0.failRedirectID = 0
            $0.notificationEndpointID = 1
        }
        #expect(
            Self.terms().faults(of: foreign).entries.map { "\($0.field): \($0.messages)" } == [
                #"success_redirect_id: ["The selected success_redirect_id is invalid."]"#,
                #"fail_redirect_id: ["The selected fail_redirect_id is invalid."]"#,
                #"notification_endpoint_id: ["The selected notification_endpoint_id is invalid."]"#,
            ])
    }

    @Test("notifications go to https only, outside of the sandbox; redirects may go to http")
    func plainNotifications() {
        let draft = Self.draft {
            $0.notificationEndpointURL = "http://shop.example/hook"
            $0.successRedirectURL = "http://shop.example/paid"
        }
        #expect(
            Self.terms().faults(of: draft).entries.map(\.field) == ["notification_endpoint_url"])
        #expect(Self.terms(plain: true).faults(of: draft).isEmpty)
        let secure = Self.draft { $0.notificationEndpointURL = "https://shop.example/hook" }
        #expect(Self.terms().faults(of: secure).isEmpty)
    }

    @Test("every fault is told at once, and what could not be read is passed over")
    func allAtOnce() {
        let draft = Self.draft(amount: .sen(1)) {
            $0.failRedirectID = 9
            $0.notificationEndpointURL = "http://shop.example"
        }
        #expect(
            Self.terms().faults(of: draft).entries.map(\.field) == [
                "amount", "fail_redirect_id", "notification_endpoint_url",
            ])
        #expect(Self.terms().faults(of: Self.draft(amount: nil)).isEmpty)
        #expect(Self.terms().faults(of: Self.draft(amount: .sen(1), service: nil)).isEmpty)
    }
}
