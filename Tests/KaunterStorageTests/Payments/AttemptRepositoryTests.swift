import Foundation
import KaunterCore
import KaunterDatabase
import KaunterStorage
import TestSupport
import Testing

@Suite("Attempts in the store")
struct AttemptRepositoryTests {
    @Test("every state and step comes back as it was stored", arguments: TestDatabase.all)
    func roundTrip(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let steps: [RailAnswer] = [
                .begun(.redirect(url: "https://bank.example/?a=ü")),
                .begun(.qrCode(payload: "00020101021226")),
            ]
            for (number, step) in steps.enumerated() {
                let payment = try await store.insertPayment(orderID: "\(number)")
                let intended = try await store.insertAttempt(of: payment)
                #expect(intended.state == .intended)
                #expect(intended.step == nil)
                #expect(intended.amount == payment.amount)
                #expect(intended.deadlineAt == store.clock.now.adding(seconds: 600))
                let open = try await store.hear(step, of: intended, payment: payment)
                #expect(open.state == .open)
                #expect(.begun(try #require(open.step)) == step)
                let asked = try await store.hear(.pending, of: open, payment: payment)
                #expect(asked.enquiries == 1)
                #expect(asked.step == open.step)
                let ended = try await store.hear(.cancelled, of: asked, payment: payment)
                #expect(ended.state == .cancelled)
                #expect(ended.nextEnquiryAt == nil)
                #expect(ended.endedAt == store.clock.now)
                let all = try await store.storage.reader.read { try $0.attempts(of: payment.id) }
                #expect(all == [ended])
            }
        }
    }

    @Test(
        "an attempt is claimed when its enquiry is due, and then not before its lease is over",
        arguments: TestDatabase.all)
    func claim(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let first = try await store.insertAttempt(
                of: try await store.insertPayment(orderID: "1"))
            store.clock.advance(seconds: 5)
            let second = try await store.insertAttempt(
                of: try await store.insertPayment(orderID: "2"))
            func claimed(at seconds: Int64, limit: Int = 10) async throws -> [Int64] {
                let now = ManualClock.start.adding(seconds: seconds)
                return try await store.storage.write {
                    try $0.claimEnquiries(at: now, leaseSeconds: 60, limit: limit).map(\.id)
                }
            }
            let next = try await store.storage.reader.read { try $0.nextEnquiryAt() }
            #expect(next == first.nextEnquiryAt)
            #expect(try await claimed(at: 19) == [])
            #expect(try await claimed(at: 20) == [first.id])
            #expect(try await claimed(at: 25, limit: 1) == [second.id])
            #expect(try await claimed(at: 79) == [])
            #expect(try await claimed(at: 85) == [first.id, second.id])
        }
    }

    @Test("no more attempts are claimed than were asked for", arguments: TestDatabase.all)
    func claimLimit(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            for number in 1...9 {
                try await store.insertAttempt(
                    of: try await store.insertPayment(orderID: "\(number)"))
            }
            let now = store.clock.now.adding(seconds: 20)
            for expected in [4, 4, 1, 0] {
                let claimed = try await store.storage.write {
                    try $0.claimEnquiries(at: now, leaseSeconds: 60, limit: 4)
                }
                #expect(claimed.count == expected)
            }
        }
    }

    @Test("claimers at the same time never share an attempt", arguments: TestDatabase.all)
    func claimTogether(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            for number in 1...40 {
                try await store.insertAttempt(
                    of: try await store.insertPayment(orderID: "\(number)"))
            }
            let now = store.clock.now.adding(seconds: 20)
            let claimed = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await store.storage.write {
                            try $0.claimEnquiries(at: now, leaseSeconds: 60, limit: 10).map(\.id)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(claimed).count == claimed.count)
            #expect(claimed.count <= 40)
            #expect(claimed.count >= 10)
        }
    }

    @Test("a story comes back in order, with and without an attempt", arguments: TestDatabase.all)
    func story(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let payment = try await store.insertPayment()
            let attempt = try await store.insertAttempt(of: payment)
            try await store.hear(.declined(code: "不足"), of: attempt, payment: payment)
            let story = try await store.storage.reader.read { try $0.records(of: payment.id) }
            #expect(
                story == [
                    PaymentRecord(.created),
                    PaymentRecord(.attemptIntended, attempt: 1, detail: "CIMB"),
                    PaymentRecord(.attemptDeclined, attempt: 1, detail: "不足"),
                ])
        }
    }

    @Test("every kind of record and reason of suspense can be stored", arguments: TestDatabase.all)
    func everyWord(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let payment = try await store.insertPayment()
            var decision = PaymentDecision(payment: payment)
            decision.records = PaymentRecord.Kind.allCases.map { PaymentRecord($0) }
            decision.suspense = SuspenseEntry.Reason.allCases.map {
                SuspenseEntry(minorUnits: -7, currency: "ZZZ", reason: $0)
            }
            let stored = decision
            try await store.storage.write {
                _ = try $0.save(stored, receipt: nil, at: store.clock.now)
            }
            try await store.storage.reader.read { reading throws in
                let records = try reading.records(of: payment.id).dropFirst()
                #expect(Array(records) == stored.records)
                #expect(try reading.suspense(of: payment.id) == stored.suspense)
            }
        }
    }

    @Test(
        "the same money is written down once; a contradicting claim does not use it up",
        arguments: TestDatabase.all)
    func receipts(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let payment = try await store.insertPayment()
            func insert(
                _ transaction: String, sen: Int64 = 100, contradicts: Bool = false,
                rail: String = "fpx"
            ) async throws -> Bool {
                let receipt = RailReceipt(
                    transaction: transaction, reference: "R", minorUnits: sen, currency: "MYR")
                return try await store.storage.write {
                    try $0.insert(
                        receipt, contradicts: contradicts, rail: rail, payment: payment.id,
                        at: store.clock.now) != nil
                }
            }
            #expect(try await insert("T", sen: 99, contradicts: true))
            #expect(try await insert("T", sen: 99, contradicts: true) == false)
            #expect(try await insert("T", sen: 98, contradicts: true))
            #expect(try await insert("T"))
            #expect(try await insert("T") == false)
            #expect(try await insert("T", sen: 101) == false)
            #expect(try await insert("T", sen: 97, contradicts: true) == false)
            #expect(try await insert("T", rail: "duitnow"))
            #expect(try await store.rowCounts()["receipts"] == 4)
        }
    }
}
