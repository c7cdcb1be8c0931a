/// The page of everything that a merchant can call: the OpenAPI document, in the order and the
/// words of a reader.
struct DocumentationPage: Sendable {
    let title: String
    let url: String
    let introduction: [Prose]
    let groups: [Group]

    /// Calls of one subject.
    struct Group: Sendable {
        let name: String
        let anchor: String
        let introduction: [Prose]
        let calls: [Call]
    }

    /// One call, or one message that is sent to the merchant.
    struct Call: Sendable {
        let name: String
        let anchor: String
        /// `POST /v1/payment`, or of a message `GET`.
        let line: String
        let description: [Prose]
        let parts: [Part]
        let answers: [Answer]
    }

    /// A body, or what else fields stand in.
    struct Part: Sendable {
        let heading: String
        let text: [Prose]
        /// Nil where there are none: a list without entries is none.
        let table: Table?
        /// A whole example as JSON.
        let example: String?
    }

    /// Fields, of which there are some.
    struct Table: Sendable {
        let fields: [Field]

        init?(_ fields: [Field]) {
            if fields.isEmpty { return nil }
            self.fields = fields
        }
    }

    /// A field with all that is known of it.
    struct Field: Sendable {
        /// As it is reached from the outside: `data[].id`.
        let name: String
        let isRequired: Bool
        /// Its types and its limits.
        let kind: String
        /// The only values it may have; empty where it may have others.
        let values: [String]
        let description: [Prose]
    }

    /// A way in which a call does not do what was asked, or in which a message is answered.
    struct Answer: Sendable {
        let status: String
        /// Words of `X-Error-Code`.
        let codes: [String]
        let description: [Prose]
    }
}

/// A paragraph.
struct Prose: Sendable, Equatable {
    let pieces: [Piece]

    /// Words, or what stands in a fixed width.
    struct Piece: Sendable, Equatable {
        let text: String
        let isCode: Bool
    }

    /// Paragraphs of a description: an empty line ends one, and what stands between backticks is
    /// code. The document uses nothing more of CommonMark.
    static func paragraphs(_ text: String) -> [Prose] {
        text.split(separator: "\n\n").map { paragraph in
            let parts = paragraph.split(separator: "`", omittingEmptySubsequences: false)
            let pieces = parts.enumerated().map { index, part in
                Piece(text: String(part), isCode: !index.isMultiple(of: 2))
            }
            return Prose(pieces: pieces.filter { !$0.text.isEmpty })
        }
    }
}
