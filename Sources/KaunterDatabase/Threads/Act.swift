/// One caller's body on its way through a database's thread.
///
/// The caller is told exactly once: by the reply that `attempt` gives out, or by `refuse`.
struct Act: Sendable {
    /// Whether the body may write.
    enum Kind: Sendable {
        case read
        case write
    }

    /// Tells the caller. To be called when what it tells can no longer be undone.
    typealias Reply = @Sendable () -> Void

    let kind: Kind
    let queuedAt: ContinuousClock.Instant
    let refuse: @Sendable (any Error) -> Void
    private let body: @Sendable (any Transaction) throws -> Reply

    init<Answer: Sendable>(
        _ kind: Kind,
        for caller: CheckedContinuation<Answer, any Error>,
        _ body: @escaping @Sendable (any Transaction) throws -> Answer
    ) {
        self.kind = kind
        self.queuedAt = .now
        self.refuse = { caller.resume(throwing: $0) }
        self.body = { transaction in
            let answer = try body(transaction)
            return { caller.resume(returning: answer) }
        }
    }

    /// Runs the body. What it returns, or throws, must reach the caller later.
    ///
    /// A body that returns in spite of a failed statement does not count as done.
    func attempt(in transaction: some OpenTransaction) throws -> Reply {
        let reply = try body(transaction)
        if let fault = transaction.fault { throw fault }
        return reply
    }

    /// How long the act has been waiting.
    var waitedSeconds: Double {
        (ContinuousClock.now - queuedAt).seconds
    }
}

extension Duration {
    /// The duration as seconds, for an observer.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
