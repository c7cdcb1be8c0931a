import KaunterCore

/// Waiting for one thing among many.
enum DemoWait {
    /// The first element that is wanted; nil when the time is over, or nothing comes any more.
    static func first<Element: Sendable>(
        of elements: AsyncStream<Element>, withinSeconds limit: Double?,
        where isWanted: @escaping @Sendable (Element) -> Bool
    ) async throws -> Element? {
        try await withThrowingTaskGroup(of: Element?.self) { group in
            group.addTask {
                for await element in elements where isWanted(element) { return element }
                return nil
            }
            if let limit {
                group.addTask {
                    try await Surroundings.real.sleep(limit)
                    return nil
                }
            }
            let first = try await group.next()
            group.cancelAll()
            return first ?? nil
        }
    }
}
