import KaunterDatabase

/// The one store as a node sees it: over a connection that fails, in a process that dies.
struct NodeDatabase: Database {
    let dialect = Dialect.sqlite
    let world: World
    let life: Life

    /// What becomes of an act.
    private enum Fate {
        case busy
        case gone
        case storedButUnknown
        case crashBefore
        case crashAfter
    }

    private static let noAnswer = DatabaseFault(.gone, "the database is away")

    func read<Answer: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Answer
    ) async throws -> Answer {
        await world.interleave()
        guard life.isAlive else { throw Self.noAnswer }
        if world.chance.happens(perMille: world.weather.databaseTrouble / 3) {
            world.see("read failed")
            throw Self.noAnswer
        }
        return try world.store.act(change: world.plant.change, body)
    }

    func write<Answer: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Answer
    ) async throws -> Answer {
        await world.interleave()
        guard life.isAlive else { throw Self.noAnswer }
        let isKept = !world.chance.happens(perMille: world.plant.lostCommitsPerMille)
        switch fate() {
        case .busy:
            world.see("busy")
            throw DatabaseFault(.busy, "somebody was in the way")
        case .gone:
            world.see("gone")
            throw Self.noAnswer
        case .crashBefore:
            world.see("crash before commit")
            world.crash(life)
            throw Self.noAnswer
        case .storedButUnknown:
            world.see("unknown fate")
            _ = try world.store.act(change: world.plant.change, body)
            throw DatabaseFault(.unknownFate, "the answer to a commit was lost")
        case .crashAfter:
            world.see("crash after commit")
            _ = try world.store.act(change: world.plant.change, body)
            world.crash(life)
            throw Self.noAnswer
        case nil:
            return try world.store.act(isKept: isKept, change: world.plant.change, body)
        }
    }

    func close() async {}

    private func fate() -> Fate? {
        if world.chance.happens(perMille: world.weather.crashes) {
            return world.chance.pick([.crashBefore, .crashAfter])
        }
        guard world.chance.happens(perMille: world.weather.databaseTrouble) else { return nil }
        return world.chance.pick([.busy, .gone, .storedButUnknown])
    }
}
