import KaunterCore

/// How many deliveries may be under way at once.
package struct DeliveryBudget: Sendable, Equatable {
    /// In this claim.
    package let limit: Int
    /// To one receiver: one that hangs holds up itself only.
    package let perQueue: Int
    /// For one account, whatever number of receivers it names. What is under way for longer than
    /// `slowSeconds` is not counted: receivers that hang don't take the places of those that don't.
    package let perAccount: Int
    /// To all receivers that fail: they must not hold up those that don't.
    package let failing: Int
    /// Slow ones, of all: while there are more, a receiver with a slow one gets nothing more.
    package let slow: Int
    /// From then on a delivery is a slow one.
    package let slowSeconds: Int64
    /// How many times its own number a receiver's deliveries may be claimed; one that is not named,
    /// once. Whoever claims more sends only the receiver's number at a time.
    package let depths: [String: Int]
    /// What the claimer's tokens begin with: more than its own number is claimed of a receiver only
    /// by who alone has something of it.
    package let holder: String

    package init(
        limit: Int, perQueue: Int, perAccount: Int, failing: Int = 16, slow: Int = 256,
        slowSeconds: Int64 = 1, depths: [String: Int] = [:], holder: String = ""
    ) {
        self.limit = limit
        self.perQueue = perQueue
        self.perAccount = perAccount
        self.failing = failing
        self.slow = slow
        self.slowSeconds = slowSeconds
        self.depths = depths
        self.holder = holder
    }
}

/// What is under way already, against a budget.
struct UsedBudget {
    /// Of each account, what is not slow.
    private(set) var byAccount: [String: Int] = [:]
    /// To receivers that fail; nil: not counted yet, since few claims need to know it.
    var failing: Int?
    private let slow: Int
    private let budget: DeliveryBudget

    init(_ budget: DeliveryBudget, byAccount: [String: Int] = [:], slow: Int = 0) {
        self.budget = budget
        self.byAccount = byAccount
        self.slow = slow
    }

    /// How many of a queue may be claimed now. Of one with a rate nothing is claimed ahead: its
    /// deliveries are counted when they are claimed, and must go out then.
    func room(for queue: DueQueue, at now: Moment) -> Int {
        if queue.slow > 0, slow >= budget.slow { return 0 }
        let own = queue.isFailing ? 1 : queue.concurrency ?? budget.perQueue
        let hasRate = queue.pace.map { $0.rate != .unlimited } ?? false
        let isAhead = !queue.isFailing && !queue.isShared && !hasRate
        let allowed = isAhead ? own * (budget.depths[queue.name] ?? 1) : own
        // A claim ahead is worth its cost when it is for many.
        if allowed > own, queue.underWay * 2 > allowed { return 0 }
        return min(
            allowed - queue.underWay, queue.pace?.room(at: now) ?? .max,
            budget.perAccount - byAccount[queue.account, default: 0],
            queue.isFailing ? budget.failing - (failing ?? 0) : .max)
    }

    mutating func add(_ count: Int, to queue: DueQueue) {
        byAccount[queue.account, default: 0] += count
        if queue.isFailing { failing = (failing ?? 0) + count }
    }
}
