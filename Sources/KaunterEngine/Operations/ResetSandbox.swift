import KaunterCore
import KaunterStorage

extension Engine {
    /// Empties a sandbox of everything that happened in it, and keeps merchants, accounts, keys,
    /// terms, targets, operators and the clock. Refused in a live store.
    package func resetSandbox() async throws {
        guard installation.isSandbox else {
            throw Refusal.notAllowed("A live store can't be reset.")
        }
        let now = now
        try await storage.write { try $0.remakeSandbox(at: now) }
    }
}
