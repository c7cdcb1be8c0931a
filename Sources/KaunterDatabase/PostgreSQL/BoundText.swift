import CPostgreSQL

/// Bound values in the shape libpq wants them: text, and the OID of each one's type.
///
/// The type is told, as otherwise the server takes the one that the place suggests, and `SELECT $1`
/// would answer with text for an integer. Of a null no type is known, so its place must tell.
struct BoundText {
    private static let booleanType: Oid = 16
    private static let integerType: Oid = 20
    private static let textType: Oid = 25
    private static let unknownType: Oid = 0

    let types: [Oid]

    /// All texts behind one another, each ended by a zero byte.
    private let bytes: [CChar]
    /// Where each text begins; nil for a null.
    private let offsets: [Int?]

    init(_ values: [Value]) {
        var types: [Oid] = []
        var bytes: [CChar] = []
        var offsets: [Int?] = []
        for value in values {
            let (type, text): (Oid, String?) =
                switch value {
                case .null: (Self.unknownType, nil)
                case .integer(let integer): (Self.integerType, String(integer))
                case .text(let text): (Self.textType, text)
                case .boolean(let boolean): (Self.booleanType, boolean ? "t" : "f")
                }
            types.append(type)
            offsets.append(text == nil ? nil : bytes.count)
            if let text {
                bytes.append(contentsOf: text.utf8.lazy.map { CChar(bitPattern: $0) })
                bytes.append(0)
            }
        }
        self.types = types
        self.bytes = bytes
        self.offsets = offsets
    }

    /// Lends the texts to a function of libpq. The pointers are good until `body` returns.
    func withPointers<Answer>(_ body: ([UnsafePointer<CChar>?]) -> Answer) -> Answer {
        bytes.withUnsafeBufferPointer { buffer in
            body(
                offsets.map { offset in
                    guard let offset else { return nil }
                    return buffer.baseAddress?.advanced(by: offset)
                })
        }
    }
}
