/// Why a text is not JSON that we take.
public struct JSONFault: Error, Sendable, Equatable {
    /// What is wrong, as a clause without a full stop: "a key comes twice". It never holds a value.
    public let reason: String

    /// How many bytes come before the place of the fault.
    public let offset: Int

    /// The key of the top object inside whose value the fault lies, or which itself comes twice.
    public let field: String?
}
