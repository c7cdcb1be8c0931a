import KaunterAPI

/// Says in words what a JSON Schema says of fields.
struct SchemaWords {
    let document: OpenAPIDocument

    /// The fields of an object, those of objects and lists within it after it: `data`, `data[].id`.
    ///
    /// - Parameter isAnswer: whether all of them are always there, so that none needs a mark.
    func fields(
        of schema: JSONObject, under prefix: String = "", isAnswer: Bool
    ) -> [DocumentationPage.Field] {
        let required =
            isAnswer ? [] : (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue)
        return (schema["properties"]?.objectValue?.members ?? []).flatMap { member in
            let property = document.resolved(member.value.objectValue ?? JSONObject())
            let name = prefix + member.key
            let field = field(property, name: name, isRequired: required.contains(member.key))
            let items = document.resolved(property["items"]?.objectValue ?? JSONObject())
            return [field] + fields(of: property, under: "\(name).", isAnswer: isAnswer)
                + fields(of: items, under: "\(name)[].", isAnswer: isAnswer)
        }
    }

    /// One field.
    func field(
        _ schema: JSONObject, name: String, isRequired: Bool
    ) -> DocumentationPage.Field {
        DocumentationPage.Field(
            name: name, isRequired: isRequired,
            kind: ([Self.types(of: schema)] + Self.limits(of: schema)).joined(separator: ", "),
            values: Self.values(of: schema),
            description: Prose.paragraphs(schema.text("description")))
    }

    /// The only values that there are.
    static func values(of schema: JSONObject) -> [String] {
        let values = schema["enum"]?.arrayValue ?? schema["const"].map { [$0] } ?? []
        return values.map { $0.stringValue ?? $0.text }
    }

    private static func types(of schema: JSONObject) -> String {
        guard let type = schema["type"] else { return "any" }
        let names = type.arrayValue?.compactMap(\.stringValue) ?? [type.stringValue ?? ""]
        return names.joined(separator: " or ")
    }

    private static func limits(of schema: JSONObject) -> [String] {
        var limits: [String] = []
        let formats = [schema] + (schema["anyOf"]?.arrayValue ?? []).compactMap(\.objectValue)
        let names = formats.compactMap { $0["format"]?.stringValue }
        if !names.isEmpty { limits.append(names.joined(separator: " or ")) }
        limits += range(
            number("minLength", schema), number("maxLength", schema), unit: " characters")
        limits += range(number("minimum", schema), number("maximum", schema), unit: "")
        if let above = number("exclusiveMinimum", schema) {
            limits.append("greater than \(above)")
        }
        if let standard = schema["default"] { limits.append("by default \(standard.text)") }
        return limits
    }

    private static func number(_ key: String, _ schema: JSONObject) -> String? {
        schema[key]?.numberText
    }

    private static func range(_ least: String?, _ most: String?, unit: String) -> [String] {
        switch (least, most) {
        case (let least?, let most?): ["\(least) to \(most)\(unit)"]
        case (let least?, nil): ["\(least)\(unit) or more"]
        case (nil, let most?): ["\(most)\(unit) at most"]
        case (nil, nil): []
        }
    }
}
