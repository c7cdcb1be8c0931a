import Foundation
import KaunterCore
import KaunterDatabase
import KaunterStorage
import TestSupport

extension TestStore {
    /// Stores a payment as its creation does, changed as a test wants it.
    @discardableResult
    func insertPayment(
        orderID: String = "order-1", account: MerchantAccount.ID = TestStore.accountID,
        amountSen: Int64 = 10_000, code: String = "CIMB", description: String? = nil,
        targets: PaymentOrder.Targets = PaymentOrder.Targets(), createdAt: Moment? = nil,
        expiresAt: Moment? = nil, firstAnswer: String = #"{"payment_status":"wait"}"#
    ) async throws -> Payment {
        let uuid = surroundings.uuid()
        let now = createdAt ?? clock.now
        guard let code = Catalogue.depositCode(code) else {
            throw DatabaseFault(.malformed, "no code of the catalogue")
        }
        return try await storage.write { writing in
            let payment = Payment(
                id: try writing.drawPaymentID(), uuid: uuid, account: account, orderID: orderID,
                amount: .sen(amountSen), depositCode: code, targets: targets,
                description: description, createdAt: now,
                expiresAt: expiresAt ?? now.adding(seconds: 1800))
            let payer = PaymentOrder.Payer(
                firstName: "Aisyah", lastName: "Tan", ip: "203.0.113.7", furtherFields: "{}")
            guard try writing.insert(payment, payer: payer, firstAnswer: firstAnswer) else {
                throw DatabaseFault(.uniqueViolation, "the order_id is taken")
            }
            return payment
        }
    }

    /// Stores an attempt at a payment, through the decision that makes one.
    @discardableResult
    func insertAttempt(
        of payment: Payment, reference: String? = nil, deadlineSeconds: Int64 = 600
    ) async throws -> Attempt {
        let plan = AttemptPlan(
            rail: "scripted", reference: reference ?? surroundings.token(length: 20),
            depositCode: payment.depositCode, deadlineSeconds: deadlineSeconds)
        return try await apply(.attemptAsked(plan), to: payment, reference: plan.reference)
    }

    /// Applies what a rail says of an attempt.
    @discardableResult
    func hear(_ answer: RailAnswer, of attempt: Attempt, payment: Payment) async throws -> Attempt {
        try await apply(
            .railAnswered(reference: attempt.reference, answer), to: payment,
            reference: attempt.reference)
    }

    /// Ends a payment in this status, with this amount.
    func end(_ payment: Payment, _ status: PaymentStatus, paid: Int64 = 0) async throws {
        let now = clock.now
        try await storage.write { writing in
            var ended = payment
            ended.status = status
            ended.paid = .sen(paid)
            ended.isPartial = status == .paid && paid < payment.amount.minorUnits
            ended.received = .sen(paid)
            ended.finalAt = now
            try writing.save(PaymentDecision(payment: ended), receipt: nil, at: now)
        }
    }

    private func apply(
        _ event: PaymentEvent, to payment: Payment, reference: String
    ) async throws -> Attempt {
        let now = clock.now
        return try await storage.write { writing in
            let decision = try payment.deciding(
                event, attempts: try writing.reading.attempts(of: payment.id),
                partialMoney: .refuse, at: now)
            try writing.save(decision, receipt: nil, at: now)
            guard let attempt = try writing.reading.attempt(reference: reference) else {
                throw DatabaseFault(.malformed, "the attempt was not stored")
            }
            return attempt
        }
    }
}
