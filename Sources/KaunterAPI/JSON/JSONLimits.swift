/// The bounds within which a JSON text from outside is read.
public struct JSONLimits: Sendable {
    /// The most bytes that a whole text may have.
    public var textBytes: Int

    /// How deep arrays and objects may lie in each other.
    ///
    /// The parser calls itself once a level, so this bound is also what keeps the stack safe.
    public var depth: Int

    /// The most members of one object. Keys are compared pair by pair, so this bounds the work.
    public var objectMembers: Int

    /// The most values in the whole text, those inside others included.
    public var values: Int

    /// The most bytes of a key, which error replies may repeat.
    public var keyBytes: Int

    /// The most bytes of a number's text.
    public var numberBytes: Int

    /// Limits, each named.
    public init(
        textBytes: Int,
        depth: Int,
        objectMembers: Int,
        values: Int,
        keyBytes: Int,
        numberBytes: Int,
    ) {
        self.textBytes = textBytes
        self.depth = depth
        self.objectMembers = objectMembers
        self.values = values
        self.keyBytes = keyBytes
        self.numberBytes = numberBytes
    }

    /// What every message of the protocol stays far below.
    public static let standard = JSONLimits(
        textBytes: 1_048_576,
        depth: 32,
        objectMembers: 2048,
        values: 8192,
        keyBytes: 256,
        numberBytes: 128,
    )
}
