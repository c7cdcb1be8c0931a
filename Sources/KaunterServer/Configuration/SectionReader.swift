import KaunterAPI

/// Reads one section of a configuration file, gathers what is wrong with it, and notices keys that
/// nobody asked for.
struct SectionReader {
    private let object: JSONObject
    private let path: String
    private var asked: Set<String> = []
    private var faults: [String] = []

    init(_ object: JSONObject, path: String) {
        self.object = object
        self.path = path
    }

    /// Reads a section inside this one, if it is there.
    mutating func section(_ key: String, _ read: (inout SectionReader) -> Void) {
        guard let value = value(key) else { return }
        guard case .object(let object) = value else {
            refuse(key, "must be an object")
            return
        }
        var reader = SectionReader(object, path: "\(path)\(key).")
        read(&reader)
        faults += reader.finish()
    }

    /// A text; `standard` when the key is absent or null.
    mutating func text(_ key: String, _ standard: String?) -> String? {
        guard let value = value(key) else { return standard }
        guard case .string(let text) = value, !text.isEmpty else {
            refuse(key, "must be a text that is not empty")
            return standard
        }
        return text
    }

    /// A list of texts; none when the key is absent or null.
    mutating func texts(_ key: String) -> [String] {
        guard let value = value(key) else { return [] }
        guard let elements = value.arrayValue else {
            refuse(key, "must be a list of texts")
            return []
        }
        let texts = elements.compactMap(\.stringValue)
        if texts.count != elements.count { refuse(key, "must be a list of texts") }
        return texts
    }

    /// A whole number within bounds; `standard` when the key is absent or null.
    mutating func integer(_ key: String, _ standard: Int, within range: ClosedRange<Int>) -> Int {
        guard let value = value(key) else { return standard }
        guard let number = value.integerValue, let number = Int(exactly: number),
            range.contains(number)
        else {
            refuse(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return standard
        }
        return number
    }

    /// A list of whole numbers within bounds; nil when the key is absent or null.
    mutating func integers(_ key: String, within range: ClosedRange<Int>) -> [Int]? {
        guard let value = value(key) else { return nil }
        let numbers = value.arrayValue?.compactMap { element in
            element.integerValue.flatMap { Int(exactly: $0) }.flatMap {
                range.contains($0) ? $0 : nil
            }
        }
        guard let numbers, numbers.count == value.arrayValue?.count else {
            refuse(
                key, "must be a list of numbers from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return numbers
    }

    /// A word of a closed list; `standard` when the key is absent or null.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ key: String, _ standard: Word
    ) -> Word {
        guard let value = value(key) else { return standard }
        guard let word = value.stringValue.flatMap(Word.init(rawValue:)) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            refuse(key, "must be one of \(words)")
            return standard
        }
        return word
    }

    /// Adds a fault of a key.
    mutating func refuse(_ key: String, _ words: String) {
        faults.append("\(path)\(key) \(words)")
    }

    /// All faults, unknown keys among them.
    func finish() -> [String] {
        let unknown = object.members.map(\.key).filter {
            !asked.contains($0) && !$0.hasPrefix("//")
        }
        return faults + unknown.map { "\(path)\($0) is no key that is known" }
    }

    private mutating func value(_ key: String) -> JSONValue? {
        asked.insert(key)
        switch object[key] {
        case nil, .null: return nil
        case let value?: return value
        }
    }
}

/// One key of the configuration: for the example, which is the reference.
func setting(
    _ key: String, _ standard: JSONValue, _ meaning: String
) -> [(String, JSONValue)] {
    [("// \(key)", .string(meaning)), (key, standard)]
}
