/// What is wrong with the fields of a request: every fault of every field, in the order they were
/// found, since a merchant wants to mend all of them at once (contract §6).
package struct FieldErrors: Sendable, Equatable {
    /// One field and what is wrong with it.
    package struct Entry: Sendable, Equatable {
        package let field: String
        package var messages: [String]
    }

    package private(set) var entries: [Entry] = []

    package init() {}

    /// One fault of one field.
    package init(_ field: String, _ message: String) {
        add(field, message)
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// Adds a fault; the same words are not said twice.
    package mutating func add(_ field: String, _ message: String) {
        guard let index = entries.firstIndex(where: { $0.field == field }) else {
            entries.append(Entry(field: field, messages: [message]))
            return
        }
        if !entries[index].messages.contains(message) { entries[index].messages.append(message) }
    }

    /// Adds all that another list says.
    package mutating func add(_ others: FieldErrors) {
        for entry in others.entries {
            for message in entry.messages { add(entry.field, message) }
        }
    }

    /// Whether a fault of this field is known.
    package func has(_ field: String) -> Bool {
        entries.contains { $0.field == field }
    }
}
