import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@Suite("What needs two operators")
struct ApprovalTests {
    /// A live house with money, two operators, and a limit of RM 50.00.
    private struct Live {
        let house: EngineHouse
        let engine: Engine
        let first: Operator
        let second: Operator

        func act(_ name: String, _ decision: ApprovalDecision? = nil) -> ActRecord {
            ActRecord(
                operatorName: name, act: "test", subject: "-", detail: "{}", reason: "a reason",
                decision: decision)
        }

        /// Asks for a payout, and returns it as it is stored.
        func payOut(_ orderID: String, sen: Int64) async throws -> Payout {
            let draft = EngineHouse.payoutDraft(orderID, sen: sen)
            let order = try #require(draft.order)
            _ = try await engine.createPayout(order, draft: draft, for: house.account)
            let account = house.account.id
            let stored = try await engine.reader.read {
                try $0.payout(orderID: orderID, of: account)
            }
            return try #require(stored)
        }

        func waiting() async throws -> [Approval] {
            try await engine.reader.read { try $0.waitingApprovals(limit: 9) }
        }
    }

    private func use(
        _ kind: TestDatabase, _ body: @escaping (Live) async throws -> Void
    ) async throws {
        try await EngineHouse.use(kind, mode: .live) { house in
            _ = try await house.paid(sen: 20_000)
            let engine = house.engine(approvalAbove: .sen(5_000))
            var operators: [Operator] = []
            for name in ["siti", "ravi"] {
                let added = try await engine.addOperator(named: name, act: house.act())
                operators.append(
                    try #require(try await engine.operator(showing: added.credential)))
            }
            try await body(
                Live(house: house, engine: engine, first: operators[0], second: operators[1]))
        }
    }

    @Test(
        "a payout above the limit is reserved, and sent once approved", arguments: TestDatabase.all)
    func payouts(_ kind: TestDatabase) async throws {
        try await use(kind) { live in
            #expect(try await live.payOut("small", sen: 5_000).stage == .due)
            let large = try await live.payOut("large", sen: 5_001)
            #expect(large.stage == .approval)
            #expect(try await live.house.balances().payoutsReserved == 10_001)
            let worker = PayoutWorker(engine: live.engine)
            for _ in 0..<5 {
                try await live.house.turn(worker)
                live.house.clock.advance(seconds: 5)
            }
            #expect(try await live.house.stored(large.id).sends == 0)
            let approval = try #require(try await live.waiting().first)
            #expect(approval.payout == large.id)
            let decision = ApprovalDecision(
                approval: approval.id, decider: live.first.id, isApproved: true)
            try await live.engine.approvePayout(large.id, act: live.act("siti", decision))
            for _ in 0..<5 {
                try await live.house.turn(worker)
                live.house.clock.advance(seconds: 5)
            }
            #expect(try await live.house.stored(large.id).status == .paid)
            #expect(try await live.waiting().isEmpty)
        }
    }

    @Test(
        "a payout that is rejected is cancelled, and its money given back",
        arguments: TestDatabase.all)
    func rejected(_ kind: TestDatabase) async throws {
        try await use(kind) { live in
            let large = try await live.payOut("large", sen: 6_000)
            let approval = try #require(try await live.waiting().first)
            let decision = ApprovalDecision(
                approval: approval.id, decider: live.first.id, isApproved: false)
            try await live.engine.cancelPayout(large.id, act: live.act("siti", decision))
            #expect(try await live.house.stored(large.id).status == .cancel)
            #expect(try await live.house.balances() == MerchantBalances(available: 20_000))
            let stored = try await live.engine.reader.read { try $0.approval(approval.id) }
            #expect(stored?.state == .rejected)
            #expect(stored?.decidedBy == live.first.id)
        }
    }

    @Test("approved by many at once, an act is done once", arguments: TestDatabase.all)
    func once(_ kind: TestDatabase) async throws {
        try await use(kind) { live in
            let id = try await live.engine.ask(
                for: "account.adjust", parameters: "{}", by: live.first, reason: "x")
            let account = live.house.account.id
            let decision = ApprovalDecision(
                approval: id, decider: live.second.id, isApproved: true)
            let done = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        do {
                            try await live.engine.adjust(
                                account, sen: 100, act: live.act("siti", decision))
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(done == 1)
            #expect(try await live.house.balances().available == 20_100)
        }
    }

    @Test(
        "nobody approves what is one's own: the database refuses it too",
        arguments: TestDatabase.all)
    func own(_ kind: TestDatabase) async throws {
        try await use(kind) { live in
            let id = try await live.engine.ask(
                for: "account.adjust", parameters: "{}", by: live.first, reason: "x")
            let own = ApprovalDecision(approval: id, decider: live.first.id, isApproved: true)
            let account = live.house.account.id
            await #expect(throws: DatabaseFault(.constraint, "")) {
                try await live.engine.adjust(account, sen: 100, act: live.act("siti", own))
            }
            let first = live.first.id
            await #expect(throws: DatabaseFault(.constraint, "")) {
                _ = try await live.house.store.database.write {
                    try $0.run(
                        """
                        UPDATE approvals SET state = 'approved', decided_by = \(first),
                            decided_at = 1 WHERE id = \(id)
                        """)
                }
            }
            #expect(try await live.house.balances().available == 20_000)
        }
    }

    @Test(
        "credentials are kept as digests, and a revoked one is nobody's",
        arguments: TestDatabase.all)
    func credentials(_ kind: TestDatabase) async throws {
        try await use(kind) { live in
            let mei = try await live.engine.addOperator(named: "mei", act: live.act("siti"))
            #expect(mei.credential.hasPrefix("kop_"))
            #expect(mei.credential.utf8.count == 47)
            #expect(try await live.engine.operator(showing: mei.credential)?.name == "mei")
            #expect(try await live.engine.operator(showing: mei.credential + "x") == nil)
            try await live.engine.revokeOperator(named: "mei", act: live.act("siti"))
            #expect(try await live.engine.operator(showing: mei.credential) == nil)
            try await live.engine.revokeOperator(named: "ravi", act: live.act("siti"))
            await #expect(throws: Refusal.conflict("The last operator can't be revoked.")) {
                try await live.engine.revokeOperator(named: "siti", act: live.act("siti"))
            }
            await #expect(throws: Refusal.conflict("There is an operator of this name.")) {
                _ = try await live.engine.addOperator(named: "mei", act: live.act("siti"))
            }
        }
    }
}
