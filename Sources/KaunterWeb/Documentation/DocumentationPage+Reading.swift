import KaunterAPI

extension DocumentationPage {
    /// The page of a document.
    init(_ document: OpenAPIDocument) {
        let reader = DocumentReader(document: document)
        let info = reader.object(document.root, "info")
        title = info.text("title")
        url = document.root.member("servers")?.arrayValue?.first?.member("url")?.stringValue ?? ""
        introduction = Prose.paragraphs(info.text("description"))
        groups = reader.groups + [reader.messages]
    }
}

/// Reads an OpenAPI document for people. What the document lacks is left out: that nothing is
/// missing is for tests to say.
struct DocumentReader {
    let document: OpenAPIDocument

    /// The methods of the calls, in the order in which they are shown.
    private static let methods = ["get", "post"]
    private static let json = "application/json"
    /// Where a parameter may stand, and the heading of what stands there.
    private static let places = [
        ("path", "In the path"), ("query", "In the query"), ("header", "In the headers"),
    ]

    /// The tags with their calls.
    var groups: [DocumentationPage.Group] {
        let calls = calls(under: "paths") { method, path in "\(method) \(path)" }
        return (document.root.member("tags")?.arrayValue ?? []).compactMap(\.objectValue).map {
            tag in
            let name = tag.text("name")
            return DocumentationPage.Group(
                name: name, anchor: name.lowercased(),
                introduction: Prose.paragraphs(tag.text("description")),
                calls: calls.filter { $0.tags.contains(name) }.map(\.call))
        }
    }

    /// What is sent to the merchant.
    var messages: DocumentationPage.Group {
        DocumentationPage.Group(
            name: "Notifications", anchor: "notifications",
            introduction: Prose.paragraphs("Sent to you, when a status is final."),
            calls: calls(under: "webhooks") { method, _ in "\(method) to your address" }
                .map(\.call))
    }

    private func calls(
        under key: String, line: (_ method: String, _ path: String) -> String
    ) -> [(tags: [String], call: DocumentationPage.Call)] {
        object(document.root, key).members.flatMap { path in
            Self.methods.compactMap { method in
                guard let operation = path.value.member(method)?.objectValue else { return nil }
                let tags = (operation["tags"]?.arrayValue ?? []).compactMap(\.stringValue)
                return (tags, call(operation, line: line(method.uppercased(), path.key)))
            }
        }
    }

    private func call(_ operation: JSONObject, line: String) -> DocumentationPage.Call {
        let responses = operation["responses"]?.objectValue ?? JSONObject()
        let answer = responses["200"]?.objectValue.map(document.resolved)
        return DocumentationPage.Call(
            name: operation.text("summary"), anchor: operation.text("operationId"), line: line,
            description: Prose.paragraphs(operation.text("description")),
            parts: parameters(operation) + bodies(operation)
                + (answer.map { [granted($0)] } ?? []),
            answers: responses.members.filter { $0.key != "200" }.map(self.answer))
    }

    /// What is sent beside the body: a part for each place where something stands.
    private func parameters(_ operation: JSONObject) -> [DocumentationPage.Part] {
        let parameters = (operation["parameters"]?.arrayValue ?? []).compactMap(\.objectValue)
            .map(document.resolved)
        return Self.places.compactMap { place, heading in
            let fields = parameters.filter { $0.text("in") == place }.map { parameter in
                var schema = document.resolved(parameter["schema"]?.objectValue ?? JSONObject())
                schema["description"] = .string(parameter.text("description"))
                return SchemaWords(document: document).field(
                    schema, name: parameter.text("name"),
                    isRequired: parameter["required"]?.booleanValue ?? false)
            }
            guard !fields.isEmpty else { return nil }
            return DocumentationPage.Part(
                heading: heading, text: [], table: DocumentationPage.Table(fields), example: nil)
        }
    }

    /// The bodies that may be sent; all but JSON's are named by their type.
    private func bodies(_ operation: JSONObject) -> [DocumentationPage.Part] {
        let body = operation["requestBody"]?.objectValue ?? JSONObject()
        return (body["content"]?.objectValue?.members ?? []).map { type in
            content(
                type.key == Self.json ? "Body" : "Body as \(type.key)", [], type.value,
                isAnswer: false)
        }
    }

    private func granted(_ answer: JSONObject) -> DocumentationPage.Part {
        content(
            "Answer", Prose.paragraphs(answer.text("description")),
            answer["content"]?.member(Self.json) ?? .null, isAnswer: true)
    }

    private func content(
        _ heading: String, _ text: [Prose], _ content: JSONValue, isAnswer: Bool
    ) -> DocumentationPage.Part {
        let schema = document.resolved(object(content, "schema"))
        let words = Prose.paragraphs(schema.text("description"))
        let example = schema["examples"]?.arrayValue?.first
        return DocumentationPage.Part(
            heading: heading, text: text + words,
            table: .init(
                SchemaWords(document: document).fields(of: schema, isAnswer: isAnswer)),
            example: example?.indentedText)
    }

    private func answer(_ member: JSONObject.Member) -> DocumentationPage.Answer {
        let response = document.resolved(member.value.objectValue ?? JSONObject())
        let code = response["headers"]?.member("X-Error-Code")
        let schema = document.resolved(object(code ?? .null, "schema"))
        let text = response.text("description")
        let further = code?.objectValue?.text("description") ?? ""
        return DocumentationPage.Answer(
            status: member.key == "default" ? "else" : member.key,
            codes: SchemaWords.values(of: schema),
            description: Prose.paragraphs(further.isEmpty ? text : "\(text)\n\n\(further)"))
    }

    /// The object under a key; an empty one where there is none.
    func object(_ value: JSONValue, _ key: String) -> JSONObject {
        value.member(key)?.objectValue ?? JSONObject()
    }
}

extension JSONValue {
    /// The member of an object.
    func member(_ key: String) -> JSONValue? { objectValue?[key] }
}

extension JSONObject {
    /// The text under a key; "" where there is none.
    func text(_ key: String) -> String { self[key]?.stringValue ?? "" }
}
