import HTTPTypes
import KaunterCore
import KaunterEngine
import Synchronization

/// Requests per second that are let through (contract §6); off in the sandbox.
package struct RateLimits: Sendable {
    /// Verified calls of one account.
    package let accountPerSecond: Int
    /// Calls of one source address that did not verify.
    package let strangerPerSecond: Int

    package init(accountPerSecond: Int, strangerPerSecond: Int) {
        self.accountPerSecond = accountPerSecond
        self.strangerPerSecond = strangerPerSecond
    }
}

/// Token buckets: one for each account, one for each address of strangers, each holding what one
/// second allows. What did not verify counts only against where it came from, so that nobody can
/// use up a merchant's share.
final class RateLimiter: Sendable {
    /// What is left of a second's allowance, and when it was last filled up.
    private struct Bucket {
        var tokens: Double
        var filledAt: Moment
    }

    private let limits: RateLimits
    private let engine: Engine
    private let accounts = Mutex<[MerchantAccount.ID: Bucket]>([:])
    private let strangers = Mutex<[String: Bucket]>([:])

    /// Buckets of each kind that are kept; beyond that, full ones go, since a new one is full too.
    private static let bucketsAtMost = 50_000

    init(_ limits: RateLimits, engine: Engine) {
        self.limits = limits
        self.engine = engine
    }

    /// Takes one of the account's tokens, or refuses.
    func admit(_ account: MerchantAccount.ID) throws {
        let now = engine.now
        let isAdmitted = accounts.withLock {
            Self.take(from: &$0, account, rate: limits.accountPerSecond, now: now)
        }
        if !isAdmitted { throw Self.refusal }
    }

    /// Takes one token of an address whose call did not verify, or refuses.
    func admitStranger(_ address: String) throws {
        let now = engine.now
        let isAdmitted = strangers.withLock {
            Self.take(from: &$0, address, rate: limits.strangerPerSecond, now: now)
        }
        if !isAdmitted { throw Self.refusal }
    }

    private static let refusal = Failure(
        .tooManyRequests, "too_many_requests", "Too many requests. Please slow down.",
        retryAfterSeconds: 1)

    private static func take<Key: Hashable>(
        from buckets: inout [Key: Bucket], _ key: Key, rate: Int, now: Moment
    ) -> Bool {
        let full = Double(rate)
        if buckets.count >= bucketsAtMost {
            buckets = buckets.filter { fill($0.value, rate: full, now: now).tokens < full }
            if buckets.count >= bucketsAtMost { buckets.removeAll() }
        }
        var bucket = fill(buckets[key] ?? Bucket(tokens: full, filledAt: now), rate: full, now: now)
        let isAdmitted = bucket.tokens >= 1
        if isAdmitted { bucket.tokens -= 1 }
        buckets[key] = bucket
        return isAdmitted
    }

    private static func fill(_ bucket: Bucket, rate: Double, now: Moment) -> Bucket {
        let seconds =
            Double(max(0, now.microseconds - bucket.filledAt.microseconds)) / 1_000_000
        return Bucket(tokens: min(rate, bucket.tokens + seconds * rate), filledAt: now)
    }
}
