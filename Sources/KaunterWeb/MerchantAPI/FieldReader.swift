import KaunterAPI
import KaunterCore

/// Reads the fields of a merchant's request and gathers what is wrong with them, in the vendor's
/// words, all at once.
///
/// `null` and `""` count as absent, as in the vendor's own server: PHP programs send them for what
/// they leave out.
struct FieldReader {
    let body: JSONObject
    private(set) var errors = FieldErrors()

    init(_ body: JSONObject) {
        self.body = body
    }

    /// Adds a fault.
    mutating func refuse(_ field: String, _ message: String) {
        errors.add(field, message)
    }

    /// The field's value, if it is there and not empty.
    func value(_ field: String) -> JSONValue? {
        switch body[field] {
        case nil, .null, .string(""): nil
        case let value?: value
        }
    }

    /// The field's value; a fault if it is absent.
    mutating func required(_ field: String) -> JSONValue? {
        let value = value(field)
        if value == nil { refuse(field, "The \(field) field is required.") }
        return value
    }

    /// A required text of so many characters, without control characters.
    mutating func requiredText(_ field: String, atMost limit: Int) -> String? {
        guard let value = required(field) else { return nil }
        return text(value, field, atMost: limit)
    }

    /// A required text for which a JSON number will do: it is kept as it was written.
    mutating func requiredTextOrNumber(_ field: String, atMost limit: Int) -> String? {
        guard let value = required(field) else { return nil }
        if case .number(let digits) = value { return text(.string(digits), field, atMost: limit) }
        return text(value, field, atMost: limit)
    }

    /// An optional integer, or text of one.
    mutating func integer(_ field: String) -> Int64? {
        guard let value = value(field) else { return nil }
        guard let digits = value.numberText ?? value.stringValue, let number = Self.integer(digits)
        else {
            refuse(field, "The \(field) must be an integer.")
            return nil
        }
        return number
    }

    /// An optional absolute web address.
    mutating func url(_ field: String) -> String? {
        guard let value = value(field) else { return nil }
        guard case .string(let url) = value else {
            refuse(field, "The \(field) must be a string.")
            return nil
        }
        switch WebAddress.parse(url) {
        case .success(let address):
            return address.url
        case .failure(.tooLong):
            refuse(
                field,
                "The \(field) may not be greater than \(Limits.urlCharacters) characters.")
        case .failure(.notAWebAddress):
            refuse(field, "The \(field) must be an absolute http or https URL.")
        }
        return nil
    }

    private mutating func text(_ value: JSONValue, _ field: String, atMost limit: Int) -> String? {
        guard case .string(let text) = value else {
            refuse(field, "The \(field) must be a string.")
            return nil
        }
        let scalars = text.unicodeScalars
        if scalars.count > limit {
            refuse(field, "The \(field) may not be greater than \(limit) characters.")
            return nil
        }
        if scalars.contains(where: { $0.properties.generalCategory == .control }) {
            refuse(field, "The \(field) may not hold control characters.")
            return nil
        }
        return text
    }

    /// Decimal digits, with a minus sign or none.
    static func integer(_ text: String) -> Int64? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int64(text)
    }
}
