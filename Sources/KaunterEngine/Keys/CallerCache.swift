import KaunterCore
import Synchronization

/// Accounts that have called a moment ago, with their keys.
///
/// A busy merchant calls many times a second, and its keys hardly ever change. What is kept here is
/// so short-lived that a key which was revoked on another node is refused within a second on every
/// node (contract §2); on this node it is forgotten at once.
final class CallerCache: Sendable {
    /// An account and its keys of one role.
    struct Caller: Sendable, Equatable {
        let account: MerchantAccount
        let keys: [AccountKey]
    }

    /// What is asked for.
    private struct Question: Hashable {
        let account: MerchantAccount.ID
        let role: AccountKey.Role
    }

    /// What was known when.
    private struct Entry {
        let caller: Caller
        let readAt: Moment
    }

    private let entries = Mutex<[Question: Entry]>([:])

    /// How long an entry counts: half of the second within which a revocation must be known.
    private static let lifetimeMicroseconds: Int64 = 500_000
    /// Entries that are kept; beyond that all are forgotten.
    private static let entriesAtMost = 20_000

    /// The caller as it was read a moment ago.
    func known(_ account: MerchantAccount.ID, _ role: AccountKey.Role, at now: Moment) -> Caller? {
        let entry = entries.withLock { $0[Question(account: account, role: role)] }
        guard let entry else { return nil }
        // A clock that was set back makes an entry old, not young.
        let age = now.microseconds - entry.readAt.microseconds
        return (0..<Self.lifetimeMicroseconds).contains(age) ? entry.caller : nil
    }

    /// Keeps what was just read; the moment is that before the reading.
    func keep(_ caller: Caller, _ role: AccountKey.Role, at now: Moment) {
        let question = Question(account: caller.account.id, role: role)
        entries.withLock { entries in
            if entries.count >= Self.entriesAtMost { entries.removeAll() }
            entries[question] = Entry(caller: caller, readAt: now)
        }
    }

    /// Forgets an account whose keys or settings have changed.
    func forget(_ account: MerchantAccount.ID) {
        entries.withLock { entries in
            for role in AccountKey.Role.allCases {
                entries[Question(account: account, role: role)] = nil
            }
        }
    }
}
