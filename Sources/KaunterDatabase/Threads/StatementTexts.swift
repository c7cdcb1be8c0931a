import Synchronization

/// The texts of statements that are worth being kept prepared, up to a limit.
///
/// The texts are written in this program and are few; the limit only keeps a condition that is
/// spliced in ever new ways from filling the memory with statements of no use.
final class StatementTexts: Sendable {
    /// Texts that are kept for one database.
    static let limit = 512

    private let texts = Mutex<Set<String>>([])

    /// Whether a statement with this text may be kept.
    func admits(_ text: String) -> Bool {
        texts.withLock { texts in
            if texts.contains(text) { return true }
            guard texts.count < Self.limit else { return false }
            texts.insert(text)
            return true
        }
    }
}
