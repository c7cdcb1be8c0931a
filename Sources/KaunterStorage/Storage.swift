package import KaunterCore
package import KaunterDatabase

/// The whole memory of the house, for those who may change it.
package struct Storage: Sendable {
    /// For those who may only look.
    package let reader: Reader
    private let database: any Database
    private let surroundings: Surroundings

    /// Times that a write is tried when the database says that it may work next time.
    private static let triesAtMost = 8
    /// Seconds after which there is no further try: whoever waits gets an answer, and tries again.
    private static let patienceSeconds: Int64 = 4
    /// Seconds before the second try; doubled each time, and stretched at random.
    private static let firstWaitSeconds = 0.005

    package init(database: any Database, surroundings: Surroundings) {
        self.database = database
        self.surroundings = surroundings
        self.reader = Reader(database: database)
    }

    package var dialect: Dialect { database.dialect }

    /// One act in one transaction: stored whole when `body` returns, not at all when it throws, and
    /// answered only after the commit. The only place in the house that opens a write transaction.
    ///
    /// `body` may run more than once, when the database asks for it: it holds database work only,
    /// and what it needs of time, chance and identifiers is drawn before.
    package func write<Answer: Sendable>(
        _ body: @escaping @Sendable (Writing) throws -> Answer
    ) async throws -> Answer {
        let end = surroundings.now().adding(seconds: Self.patienceSeconds)
        var wait = Self.firstWaitSeconds
        for _ in 1..<Self.triesAtMost {
            do {
                return try await database.write { try body(Writing($0)) }
            } catch let fault as DatabaseFault where fault.isTransient {
                guard surroundings.now() < end else { throw fault }
                try await surroundings.sleep(wait * (1 + surroundings.fraction()))
                wait *= 2
            }
        }
        return try await database.write { try body(Writing($0)) }
    }

    /// Finishes what is under way, then closes the database.
    package func close() async {
        await database.close()
    }
}

/// The memory of the house, for those who only look.
package struct Reader: Sendable {
    private let database: any Database

    init(database: any Database) {
        self.database = database
    }

    /// One consistent look.
    package func read<Answer: Sendable>(
        _ body: @escaping @Sendable (Reading) throws -> Answer
    ) async throws -> Answer {
        try await database.read { try body(Reading($0)) }
    }
}
