import KaunterCore

/// What a merchant's server answered.
package struct OutgoingAnswer: Sendable, Equatable {
    /// The HTTP status.
    package let code: Int
    /// The header fields, in their order.
    package let headers: [Field]
    /// The beginning of the body: `Limits.notificationAnswerBytes` at most.
    package let body: [UInt8]

    /// A header field.
    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(code: Int, headers: [Field] = [], body: [UInt8] = []) {
        self.code = code
        self.headers = headers
        self.body = body
    }

    /// The seconds of a `Retry-After` (RFC 9110 §10.2.3). A date there is passed over: the other
    /// side's clock is not ours.
    package var retryAfterSeconds: Int64? {
        headers.first { $0.name.lowercased() == "retry-after" }
            .flatMap { Int64($0.value) }.map { max(0, $0) }
    }

    /// Header fields that are kept of an answer, and bytes of each.
    private static let headersAtMost = 64
    private static let headerCharacters = 256
    /// Names whose values are secrets of the receiver's.
    private static let secretNames: Set<String> = [
        "set-cookie", "cookie", "authorization", "www-authenticate", "proxy-authenticate",
    ]

    /// The header fields as they may be kept: without secrets, and without what may be a person's.
    var keptHeaders: [Field] {
        headers.prefix(Self.headersAtMost).map { field in
            let isSecret = Self.secretNames.contains(field.name.lowercased())
            let value = String(field.value.prefix(Self.headerCharacters))
            return Field(name: field.name, value: isSecret ? "•" : value.masked)
        }
    }

    /// The body as it may be kept.
    var keptBody: String {
        String(decoding: body, as: UTF8.self).masked.replacing("\0", with: "�")
    }
}

extension String {
    /// Digits in a row from which they may be an account, a card or a telephone.
    private static let digitsShown = 5

    /// The text without what may be a person's: mail addresses, and longer numbers.
    var masked: String {
        var result = ""
        var digits = 0
        var word = ""
        func closeWord() {
            result += word.contains("@") && !word.hasPrefix("@") ? "•" : word
            word = ""
        }
        for character in self {
            if character.isASCII, character.isNumber {
                digits += 1
                if digits <= Self.digitsShown { word.append(character) }
                if digits == Self.digitsShown + 1 {
                    word.removeLast(Self.digitsShown)
                    word += "•"
                }
                continue
            }
            digits = 0
            let isInWord = character.isLetter || "@._-+%•".contains(character)
            if isInWord {
                word.append(character)
            } else {
                closeWord()
                result.append(character)
            }
        }
        closeWord()
        return result
    }
}
