import KaunterCore
import KaunterDatabase
import TestSupport

/// The workers of a node.
enum WorkerKind: Int, CaseIterable {
    case notifications
    case outcomes
    case expiry
    case payouts
    case releases
    case seals
}

/// When workers are to have their next turn. They poll each second; the simulator leaves out the
/// polls that find nothing, by looking for itself at what is due.
struct Polls {
    /// What is known of one kind of worker.
    struct Poll {
        /// When something is due, by the simulator's own look.
        var dueAt: Moment?
        /// Polls before that are left out.
        var notBefore = Moment(microseconds: 0)
        /// Turns in a row after which something was due all the same.
        var vainTurns: Int64 = 0
    }

    var all = WorkerKind.allCases.map { _ in Poll() }
    /// The store's changes when `dueAt` was looked up.
    var knownChanges = -1
}

extension World {
    private static let pollMilliseconds: Int64 = 1_000
    private static let longestPollMilliseconds: Int64 = 3_600_000
    /// Sealing follows everything, and hurries nobody: rarer turns see as much.
    private static let sealMilliseconds: Int64 = 1_800_000

    /// The next turn of a worker, of whichever node; nil when nothing waits or nobody is there.
    func dueTurn() -> (kind: WorkerKind, at: Moment)? {
        guard nodes.contains(where: { $0.life.isAwake(at: now) }) else { return nil }
        lookForDueThings()
        var best: (kind: WorkerKind, at: Moment)?
        for kind in WorkerKind.allCases {
            let poll = polls.all[kind.rawValue]
            guard let due = poll.dueAt else { continue }
            let at = max(due, poll.notBefore)
            if best.map({ at < $0.at }) ?? true { best = (kind, at) }
        }
        return best
    }

    /// A turn of one worker of one node, or of both nodes nearly at once.
    func run(_ kind: WorkerKind) async {
        let awake = nodes.filter { $0.life.isAwake(at: now) }
        guard !awake.isEmpty else { return }
        let node = chance.pick(awake)
        clock.set(Moment(microseconds: now.microseconds + chance.within(0...900) * 1_000))
        for other in awake where other.life !== node.life && chance.happens(perMille: 300) {
            plan(in: 0...30) { world in await world.turn(of: kind, on: other) }
        }
        // Set before the turn, which may let others happen.
        polls.all[kind.rawValue].notBefore = Moment(
            microseconds: now.microseconds
                + (kind == .seals ? Self.sealMilliseconds : Self.pollMilliseconds) * 1_000)
        await turn(of: kind, on: node)
        lookForDueThings()
        var poll = polls.all[kind.rawValue]
        if let due = poll.dueAt, due <= now {
            poll.vainTurns += 1
            let wait = min(
                Self.pollMilliseconds << min(poll.vainTurns - 1, 20), Self.longestPollMilliseconds)
            poll.notBefore = Moment(microseconds: now.microseconds + wait * 1_000)
        } else {
            poll.vainTurns = 0
        }
        polls.all[kind.rawValue] = poll
    }

    private func lookForDueThings() {
        let changes = store.changes
        guard changes != polls.knownChanges else { return }
        polls.knownChanges = changes
        polls.all[WorkerKind.notifications.rawValue].dueAt = store.moment(
            """
            SELECT min(max(d.next_at, coalesce(r.rest_until, 0))) AS at
            FROM deliveries d LEFT JOIN receivers r ON r.queue = d.queue
            WHERE d.state = 'pending' AND (r.state IS NULL OR r.state IN ('healthy', 'failing'))
            """)
        polls.all[WorkerKind.outcomes.rawValue].dueAt = store.moment(
            "SELECT min(next_enquiry_at) AS at FROM attempts WHERE next_enquiry_at IS NOT NULL")
        polls.all[WorkerKind.expiry.rawValue].dueAt = store.moment(
            """
            SELECT min(expires_at) AS at FROM payments
            WHERE status = 'wait' AND NOT EXISTS (
                SELECT 1 FROM attempts
                WHERE payment_id = payments.id AND state IN ('intended', 'open'))
            """)
        polls.all[WorkerKind.seals.rawValue].dueAt = store.moment(
            "SELECT min(t.at) AS at FROM (SELECT 0 AS at FROM seal_queue LIMIT 1) t")
        polls.all[WorkerKind.payouts.rawValue].dueAt = store.moment(
            """
            SELECT min(next_at) AS at FROM payouts
            WHERE NOT (stage = 'due' AND account_id IN (
                SELECT id FROM accounts WHERE frozen_at IS NOT NULL))
            """)
        polls.all[WorkerKind.releases.rawValue].dueAt = store.moment(
            """
            SELECT min(due_at) AS at FROM holds
            WHERE ended_at IS NULL
              AND payment_id NOT IN (SELECT id FROM payments WHERE frozen_at IS NOT NULL)
              AND account_id NOT IN (SELECT id FROM accounts WHERE frozen_at IS NOT NULL)
            """)
    }
}
