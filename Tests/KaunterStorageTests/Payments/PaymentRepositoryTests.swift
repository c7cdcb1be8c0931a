import Foundation
import KaunterCore
import KaunterDatabase
import KaunterStorage
import TestSupport
import Testing

@Suite("Payments in the store")
struct PaymentRepositoryTests {
    /// Text that a store must give back as it got it.
    static let texts = [
        "", "kopi ais", "Café", "Cafe\u{301}", "日本語の注文", "🧋🇲🇾", "'; DROP TABLE payments; --",
        "\\u0041 %s $1 ?1 {{identity}}", "\u{200f}עברית", "a\u{0}b".replacing("\u{0}", with: "␀"),
    ]

    @Test("every column comes back as it was stored", arguments: TestDatabase.all)
    func roundTrip(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let now = store.clock.now
            let ids = try await store.storage.write { writing in
                [
                    try writing.insertRedirect(
                        url: "https://a.example", method: .post, of: store.account.id, at: now),
                    try writing.insertRedirect(
                        url: "https://b.example", method: .get, of: store.account.id, at: now),
                    try writing.insertEndpoint(
                        url: "https://c.example", method: .get, digest: nil, of: store.account.id,
                        at: now),
                ]
            }
            var targets = PaymentOrder.Targets()
            targets.successRedirectID = ids[0]
            targets.failRedirectID = ids[1]
            targets.notificationEndpointID = ids[2]
            targets.successRedirectURL = "https://d.example/?a=b&ü=%20"
            targets.failRedirectURL = "https://e.example"
            targets.notificationEndpointURL = "https://f.example"
            let full = try await store.insertPayment(
                orderID: "full", amountSen: Amount.largest.minorUnits, code: "MAEDUITNOW",
                description: "kopi", targets: targets,
                createdAt: Moment(microseconds: now.microseconds + 1))
            let bare = try await store.insertPayment(orderID: "bare", amountSen: 1, code: "DUITNOW")
            let read = try await store.storage.reader.read {
                [try $0.payment(full.id), try $0.payment(uuid: bare.uuid)]
            }
            #expect(read == [full, bare])
        }
    }

    @Test("a final status comes back with its amounts", arguments: TestDatabase.all)
    func final(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            for (status, paid) in [(PaymentStatus.paid, Int64(9_999)), (.cancel, 0), (.fail, 0)] {
                let payment = try await store.insertPayment(orderID: status.rawValue)
                store.clock.advance(seconds: 60)
                try await store.end(payment, status, paid: paid)
                let read = try await store.storage.reader.read { try $0.payment(payment.id) }
                #expect(read?.status == status)
                #expect(read?.paid == .sen(paid))
                #expect(read?.isPartial == (status == .paid))
                #expect(read?.finalAt == store.clock.now)
            }
        }
    }

    @Test("a final status is never stored over", arguments: TestDatabase.all)
    func finalStays(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let payment = try await store.insertPayment()
            try await store.end(payment, .cancel)
            try await store.end(payment, .paid, paid: 10_000)
            let read = try await store.storage.reader.read { try $0.payment(payment.id) }
            #expect(read?.status == .cancel)
            #expect(read?.paid == .zero)
        }
    }

    @Test("any text comes back as it was", arguments: TestDatabase.all, texts)
    func text(_ kind: TestDatabase, _ text: String) async throws {
        try await TestStore.use(kind) { store in
            let payment = try await store.insertPayment(
                orderID: text, description: text, firstAnswer: text)
            let read = try await store.storage.reader.read { reading in
                try reading.livePayment(orderID: text, of: store.account.id)
            }
            #expect(read?.payment == payment)
            // Strings are equal when they look alike; what was stored is the same in each byte.
            #expect(read.map { Array($0.payment.orderID.utf8) } == Array(text.utf8))
            #expect(read.map { Array($0.firstAnswer.utf8) } == Array(text.utf8))
        }
    }

    @Test("a composed and a decomposed order_id are two", arguments: TestDatabase.all)
    func notNormalised(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let composed = try await store.insertPayment(orderID: "Caf\u{e9}")
            let decomposed = try await store.insertPayment(orderID: "Cafe\u{301}")
            #expect(composed.id != decomposed.id)
        }
    }

    @Test("another account's payment is none, by id and by order_id", arguments: TestDatabase.all)
    func foreign(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let other = TestStore.account(
                MerchantAccount.ID(rawValue: UUID(lastByte: 3)), at: store.clock.now)
            try await store.storage.write { try $0.insert(other) }
            let mine = try await store.insertPayment()
            let theirs = try await store.insertPayment(account: other.id)
            let read = try await store.storage.reader.read { reading in
                [
                    try reading.payment(mine.id, of: store.account.id),
                    try reading.payment(theirs.id, of: store.account.id),
                    try reading.payment(orderID: "order-1", of: other.id),
                    try reading.livePayment(orderID: "order-1", of: other.id)?.payment,
                ]
            }
            #expect(read == [mine, nil, theirs, theirs])
        }
    }

    @Test("by order_id comes the paid one, else the newest", arguments: TestDatabase.all)
    func byOrder(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            func found() async throws -> Payment.ID? {
                try await store.storage.reader.read {
                    try $0.payment(orderID: "order-1", of: store.account.id)?.id
                }
            }
            func live() async throws -> Payment.ID? {
                try await store.storage.reader.read {
                    try $0.livePayment(orderID: "order-1", of: store.account.id)?.payment.id
                }
            }
            #expect(try await found() == nil)
            let first = try await store.insertPayment()
            #expect(try await live() == first.id)
            try await store.end(first, .fail)
            #expect(try await found() == first.id)
            #expect(try await live() == nil)
            let second = try await store.insertPayment()
            #expect(try await found() == second.id)
            try await store.end(second, .cancel)
            #expect(try await found() == second.id)
            let third = try await store.insertPayment()
            try await store.end(third, .paid, paid: 10_000)
            #expect(try await found() == third.id)
            #expect(try await live() == third.id)
            await #expect(throws: DatabaseFault(.uniqueViolation, "")) {
                try await store.insertPayment()
            }
            // A newer row that is final, as another order's number may bring in by hand.
            _ = try await store.database.write {
                try $0.run("UPDATE payments SET order_id = 'order-1' WHERE id = \(second.id)")
            }
            #expect(try await found() == third.id)
        }
    }

    @Test("the paid one is found even when a newer one was not paid", arguments: TestDatabase.all)
    func paidBeforeNewer(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let paid = try await store.insertPayment()
            try await store.end(paid, .paid, paid: 10_000)
            let newer = try await store.insertPayment(orderID: "another")
            try await store.end(newer, .fail)
            _ = try await store.database.write {
                try $0.run("UPDATE payments SET order_id = 'order-1' WHERE id = \(newer.id)")
            }
            let found = try await store.storage.reader.read {
                try $0.payment(orderID: "order-1", of: store.account.id)?.id
            }
            #expect(found == paid.id)
        }
    }

    @Test(
        "payments whose time is over are found, unless an attempt is open",
        arguments: TestDatabase.all)
    func expired(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let now = store.clock.now
            let late = try await store.insertPayment(
                orderID: "late", expiresAt: now.adding(seconds: 30))
            let early = try await store.insertPayment(
                orderID: "early", expiresAt: now.adding(seconds: 20))
            let busy = try await store.insertPayment(
                orderID: "busy", expiresAt: now.adding(seconds: 10))
            let attempt = try await store.insertAttempt(of: busy)
            let done = try await store.insertPayment(
                orderID: "done", expiresAt: now.adding(seconds: 5))
            try await store.end(done, .paid, paid: 10_000)
            func found(_ seconds: Int64, limit: Int = 10) async throws -> [Payment.ID] {
                try await store.storage.reader.read {
                    try $0.expiredPayments(at: now.adding(seconds: seconds), limit: limit)
                }
            }
            func next() async throws -> Moment? {
                try await store.storage.reader.read { try $0.nextExpiryAt() }
            }
            #expect(try await found(19) == [])
            #expect(try await next() == early.expiresAt)
            #expect(try await found(20) == [early.id])
            #expect(try await found(30) == [early.id, late.id])
            #expect(try await found(30, limit: 1) == [early.id])
            try await store.hear(.declined(code: "51"), of: attempt, payment: busy)
            #expect(try await found(30) == [busy.id, early.id, late.id])
            #expect(try await next() == busy.expiresAt)
            for payment in [late, early, busy] { try await store.end(payment, .cancel) }
            #expect(try await next() == nil)
        }
    }
}
