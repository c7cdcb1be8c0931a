/// What keeps a capture from being genuine as it stands.
package struct Mistake: Sendable, Equatable {
    /// The step of verifying that fails.
    package enum Step: String, Sendable, CaseIterable {
        /// The message itself: a field is missing or comes twice.
        case form
        /// How the fields or the signature were written down or decoded.
        case encoding
        /// Which key signed.
        case key
        /// Which digest was signed.
        case digest
        /// Which fields are signed, in which order.
        case order
        /// What a field says.
        case field
    }

    package let step: Step
    /// A stable word.
    package let code: String
    /// What happened, in words.
    package let sentence: String
    /// The field concerned, if it is one.
    package var field: String?
    /// With this value in it, the field would be genuine.
    package var genuineValue: String?
}

/// What was found out about a capture.
package struct Diagnosis: Sendable, Equatable {
    /// What was captured.
    package enum Kind: String, Sendable {
        case notification
        case redirect
    }

    package let kind: Kind
    /// Empty: it is genuine as it stands.
    package var mistakes: [Mistake] = []
    /// The digest of the signature, once a key has opened it.
    package var digest: String?
    /// The list of fields that is signed: `current`, `older` (without `commission_amount`), or nil
    /// where none fits.
    package var format: String?

    /// Whether the signature is the key's over exactly these fields.
    package var isGenuine: Bool { mistakes.isEmpty }
    /// Whether it is known with which changes it would be genuine.
    package var isExplained: Bool {
        !mistakes.contains { ["unknown", "other_key"].contains($0.code) || $0.step == .form }
    }
}

extension Reading {
    /// What happened to the values, if this reading is the one that fits.
    var mistake: Mistake? {
        switch self {
        case .standard: nil
        case .unescapedPlus:
            encoding("a + was sent bare and means a space; genuine if it is written %2B")
        case .spaceForPlus:
            encoding("a + was sent bare and became a space; genuine if it is a + again")
        case .plusForSpace:
            encoding("a + stands where a space was; genuine if + is decoded as a space")
        case .percentLeft:
            encoding("%XX was left undecoded; genuine if %20 is decoded as a space, and so on")
        case .formLeft:
            encoding("+ and %XX were left undecoded; genuine if the values are decoded")
        case .encodedTwice:
            encoding("the values were percent-encoded twice; genuine if decoded once more")
        case .latin1:
            encoding("the text is Latin-1; genuine if it is turned into UTF-8")
        case .mojibake:
            encoding("UTF-8 was read as Latin-1 and encoded again; genuine if that is undone")
        case .htmlEscaped:
            encoding("the values are escaped for HTML; genuine if &amp; is & again, and so on")
        case .decomposed:
            encoding("accents were taken off their letters; genuine if they are one (NFC)")
        case .composed:
            encoding("accents were joined to their letters; genuine if they are apart (NFD)")
        }
    }

    private func encoding(_ sentence: String) -> Mistake {
        Mistake(step: .encoding, code: rawValue, sentence: sentence)
    }
}
