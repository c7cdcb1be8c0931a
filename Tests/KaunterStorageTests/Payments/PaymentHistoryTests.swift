import Foundation
import KaunterCore
import TestSupport
import Testing

@testable import KaunterStorage

@Suite("Payment history")
struct PaymentHistoryTests {
    /// Payments of an account: 5 on the first day, 20 on the second (in more than one stripe of the
    /// count), 1 in the last microsecond of the third and 1 in the first of the fourth.
    private static func fill(_ store: TestStore) async throws -> [[Payment]] {
        let midnight = Moment(microseconds: 1_730_908_800_000_000)  // 2024-11-07 00:00 in Malaysia
        var days: [[Payment]] = [[], [], [], []]
        for number in 0..<5 {
            days[0].append(
                try await store.insertPayment(orderID: "a\(number)", createdAt: midnight))
        }
        for number in 0..<20 {
            days[1].append(
                try await store.insertPayment(
                    orderID: "b\(number)", createdAt: midnight.adding(seconds: 86_400 + 3600)))
        }
        let third = midnight.adding(seconds: 3 * 86_400)
        days[2].append(
            try await store.insertPayment(
                orderID: "c", createdAt: Moment(microseconds: third.microseconds - 1)))
        days[3].append(try await store.insertPayment(orderID: "d", createdAt: third))
        return days
    }

    private static func day(_ text: String) throws -> MalaysianDay {
        try #require(MalaysianDay(text))
    }

    @Test(
        "days are inclusive, end at midnight in Malaysia, and the total is what is there",
        arguments: TestDatabase.all)
    func days(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let days = try await Self.fill(store)
            let cases: [(from: String?, to: String?, expected: [Payment])] = [
                (nil, nil, Array(days.joined())),
                ("2024-11-07", nil, Array(days.joined())),
                ("2024-11-08", nil, days[1] + days[2] + days[3]),
                (nil, "2024-11-08", days[0] + days[1]),
                ("2024-11-09", "2024-11-09", days[2]),
                ("2024-11-10", "2024-11-10", days[3]),
                ("2024-11-11", nil, []),
                (nil, "2024-11-06", []),
                ("2024-11-09", "2024-11-08", []),
            ]
            for example in cases {
                let from = try example.from.map(Self.day)
                let to = try example.to.map(Self.day)
                let history = try await store.storage.reader.read {
                    try $0.paymentHistory(
                        of: store.account.id, from: from, to: to, page: 1, size: 100)
                }
                #expect(history.payments == example.expected)
                #expect(history.total == Int64(example.expected.count))
            }
        }
    }

    @Test(
        "pages follow each other by id, and past the end there is nothing",
        arguments: TestDatabase.all)
    func pages(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let all = Array(try await Self.fill(store).joined())
            for size in [1, 7, 12, 27, 100] {
                var seen: [Payment] = []
                for page in 1...Int64(all.count + 1) {
                    let history = try await store.storage.reader.read {
                        try $0.paymentHistory(
                            of: store.account.id, from: nil, to: nil, page: page, size: size)
                    }
                    #expect(history.total == 27)
                    #expect(history.payments.count <= size)
                    seen += history.payments
                }
                #expect(seen == all)
            }
            let beyond = try await store.storage.reader.read {
                try $0.paymentHistory(
                    of: store.account.id, from: nil, to: nil, page: Limits.historyPages.upperBound,
                    size: Limits.historyPageSize.upperBound)
            }
            #expect(beyond == PaymentHistory(payments: [], total: 27))
        }
    }

    @Test(
        "an account sees and counts its own payments only, whatever became of them",
        arguments: TestDatabase.all)
    func own(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let other = TestStore.account(
                MerchantAccount.ID(rawValue: UUID(lastByte: 3)), at: store.clock.now)
            try await store.storage.write { try $0.insert(other) }
            let mine = try await store.insertPayment()
            try await store.end(mine, .fail)
            try await store.insertPayment(account: other.id)
            let again = try await store.insertPayment()
            let history = try await store.storage.reader.read {
                try $0.paymentHistory(
                    of: store.account.id, from: nil, to: nil, page: 1, size: 12)
            }
            #expect(history.payments.map(\.id) == [mine.id, again.id])
            #expect(history.total == 2)
        }
    }
}
