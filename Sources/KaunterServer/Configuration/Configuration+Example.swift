import KaunterAPI

extension Configuration {
    /// The example as a file: two levels, a line for each key and one for its meaning.
    package static var exampleText: String {
        let sections = (example.objectValue?.members ?? []).map { section in
            let lines = (section.value.objectValue?.members ?? []).map { member in
                "    \(JSONValue.string(member.key).text): \(member.value.text)"
            }
            return "  \(JSONValue.string(section.key).text): {\n"
                + lines.joined(separator: ",\n") + "\n  }"
        }
        return "{\n" + sections.joined(separator: ",\n") + "\n}"
    }
}
