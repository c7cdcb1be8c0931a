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

    /// Header fields that are kept of an answer, and bytes of each name and value.
    private static let headersAtMost = 64
    private static let headerBytes = 256
    /// Names whose values are secrets of the receiver's.
    private static let secretNames: Set<String> = [
        "set-cookie", "cookie", "authorization", "www-authenticate", "proxy-authenticate",
        "proxy-authorization", "authentication-info", "proxy-authentication-info", "x-api-key",
        "x-csrf-token",
    ]

    /// The header fields as they may be kept: without secrets, and without what may be a person's.
    var keptHeaders: [Field] {
        headers.prefix(Self.headersAtMost).map { field in
            let isSecret = Self.secretNames.contains(field.name.lowercased())
            return Field(
                name: Self.kept(field.name), value: isSecret ? "•" : Self.kept(field.value))
        }
    }

    /// So many bytes of a name or value. A character can be as long as its sender likes, so they
    /// are no measure.
    private static func kept(_ text: String) -> String {
        String(decoding: text.utf8.prefix(headerBytes), as: UTF8.self).masked
    }

    /// The body as it may be kept.
    var keptBody: String {
        String(decoding: body, as: UTF8.self).masked.replacing("\0", with: "�")
    }
}

extension String {
    /// Digits of one number from which they may be an account, a card or a telephone.
    private static let digitsShown = 5

    /// The text without what may be a person's: mail addresses, and longer numbers, also where they
    /// are written in groups.
    var masked: String { withoutNumbers.withoutMailAddresses }

    private var withoutNumbers: String {
        var result = ""
        var number = ""
        var gap: Character?
        func close() {
            let digits = number.count { $0.isNumber }
            result += digits > Self.digitsShown ? "•" : number
            if let gap { result.append(gap) }
            (number, gap) = ("", nil)
        }
        for character in self {
            if character.isASCII, character.isNumber {
                if let gap { number.append(gap) }
                gap = nil
                number.append(character)
            } else if character == " " || character == "-", !number.isEmpty, gap == nil {
                gap = character
            } else {
                close()
                result.append(character)
            }
        }
        close()
        return result
    }

    private var withoutMailAddresses: String {
        var result = ""
        var word = ""
        for character in self + "\n" {
            if character.isLetter || character.isNumber || "@._-+%•".contains(character) {
                word.append(character)
            } else {
                result += word.contains("@") ? "•" : word
                word = ""
                result.append(character)
            }
        }
        return String(result.dropLast())
    }
}
