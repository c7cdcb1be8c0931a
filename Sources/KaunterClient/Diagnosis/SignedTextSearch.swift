import KaunterAPI

/// Looks for the text that was signed, among those that the captured fields give when they are read
/// in one of the usual ways.
struct SignedTextSearch {
    let kind: Diagnosis.Kind
    let capture: Capture
    let opened: OpenedSignature

    /// A text that fits.
    struct Found {
        let format: String?
        let mistakes: [Mistake]
        let text: [UInt8]
    }

    /// The text that fits with the fewest mistakes, or nil.
    func found() -> Found? {
        var best: Found?
        let lists = FieldList.candidates(kind, capture)
        for reading in Reading.allCases {
            guard let values = values(reading) else { continue }
            for list in lists {
                guard let members = list.members({ values[$0] }) else { continue }
                for style in SignedTextStyle.allCases {
                    let mistakes = [reading.mistake, list.mistake, style.mistake]
                        .compactMap(\.self)
                    guard mistakes.count < best?.mistakes.count ?? .max else { continue }
                    let text = style.text(of: members)
                    guard opened.isOver(text) else { continue }
                    best = Found(format: list.format, mistakes: mistakes, text: text)
                }
            }
        }
        return best
    }

    /// The values under a reading, with null for a `desc` that is absent; nil if one of them can't
    /// be read so.
    func values(_ reading: Reading) -> [String: JSONValue]? {
        var values: [String: JSONValue] = [:]
        for field in capture.fields where field.name != "sign" {
            guard let text = reading.text(of: field.raw, capture.form) else { return nil }
            values[field.name] = field.isNull ? .null : Self.value(field.name, text)
        }
        if kind == .notification, values["desc"] == nil { values["desc"] = .null }
        return values
    }

    /// A value as it is signed: only `id` is a number.
    static func value(_ name: String, _ text: String) -> JSONValue {
        guard name == "id", let number = Int64(text), String(number) == text else {
            return .string(text)
        }
        return .integer(number)
    }
}
