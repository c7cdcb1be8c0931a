/// A database, spoken to in short acts.
///
/// Bodies are synchronous and run on the database's own threads. They hold nothing but database
/// work: identifiers, times and random values are drawn before, so that a body may be run again.
/// Neither a network call nor a signature belongs in one, since others wait behind it.
package protocol Database: Sendable {
    var dialect: Dialect { get }

    /// Reads from one consistent snapshot. A write in it is refused by the database.
    ///
    /// Throws what `body` throws, and `DatabaseFault`.
    func read<Answer: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Answer
    ) async throws -> Answer

    /// Performs one write transaction: committed when `body` returns, rolled back when it throws.
    ///
    /// Comes back only after the commit is on disk. There is one attempt: trying a transient fault
    /// again is the caller's. Throws what `body` throws, and `DatabaseFault`.
    func write<Answer: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Answer
    ) async throws -> Answer

    /// Finishes what is queued, then closes. Later calls throw `DatabaseFault(.gone)`.
    func close() async
}
