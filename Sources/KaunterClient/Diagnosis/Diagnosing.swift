import Foundation
package import KaunterAPI

/// Says whether a captured notification or redirect is genuine, and if not, which step fails: it
/// tries what usually goes wrong, and names what explains the signature.
///
/// The key opens the signature, so that "another key" and "other fields" are told apart, and a
/// guess costs one digest.
package struct Diagnosing: Sendable {
    /// A key and the name under which it is spoken of.
    package struct NamedKey: Sendable {
        package let name: String
        package let key: VerifyingKey

        package init(name: String, key: VerifyingKey) {
            self.name = name
            self.key = key
        }
    }

    let keys: [NamedKey]
    let isSHA256Only: Bool

    /// - Parameters:
    ///   - keys: The first is the one that should have signed; the others may explain.
    ///   - isSHA256Only: Whether a signature with SHA-1 fails, as it does at a strict receiver.
    package init(keys: [NamedKey], isSHA256Only: Bool = false) {
        self.keys = keys
        self.isSHA256Only = isSHA256Only
    }

    /// Looks at a capture.
    package func diagnose(_ capture: Capture) -> Diagnosis {
        let isRedirect = capture.field("uuid") != nil && capture.field("payment_status") == nil
        var diagnosis = Diagnosis(kind: isRedirect ? .redirect : .notification)
        diagnosis.mistakes = Self.formMistakes(capture, diagnosis.kind)
        guard let sign = capture.field("sign"), diagnosis.mistakes.isEmpty else { return diagnosis }
        guard let (opened, signature) = opened(sign, capture.form, &diagnosis) else {
            return diagnosis
        }
        diagnosis.digest = opened.kind.rawValue
        if let mistake = digestMistake(opened) { diagnosis.mistakes.append(mistake) }
        let search = SignedTextSearch(kind: diagnosis.kind, capture: capture, opened: opened)
        guard let found = search.found() else {
            diagnosis.mistakes += AlteredFieldSearch(search: search).mistakes()
            return diagnosis
        }
        diagnosis.format = found.format
        diagnosis.mistakes += found.mistakes
        if diagnosis.isGenuine, !isValid(signature, found.text) {
            diagnosis.mistakes.append(AlteredFieldSearch.unknown)
        }
        return diagnosis
    }

    /// What a receiver would say: our own look into the signature explains, and decides nothing.
    private func isValid(_ signature: [UInt8], _ text: [UInt8]) -> Bool {
        keys.first?.key.isValid(signature: signature, for: text, sha256Only: isSHA256Only) != nil
    }

    private static func formMistakes(_ capture: Capture, _ kind: Diagnosis.Kind) -> [Mistake] {
        var mistakes = capture.doubled.map { name in
            Mistake(
                step: .form, code: "doubled", sentence: "\(name) comes more than once",
                field: name)
        }
        if capture.field("sign")?.raw.isEmpty ?? true {
            let hint =
                kind == .redirect
                ? "; a redirect has one only if the payment is paid, or the account asks for it"
                : ""
            mistakes.append(
                Mistake(
                    step: .form, code: "unsigned", sentence: "there is no sign\(hint)",
                    field: "sign"))
        }
        let known = kind == .redirect ? FieldList.redirect : FieldList.notification
        for name in known where capture.field(name) == nil {
            guard name != "desc", name != FieldList.later else { continue }
            mistakes.append(
                Mistake(
                    step: .form, code: "missing", sentence: "\(name) is missing", field: name))
        }
        return mistakes
    }

    // MARK: The signature

    /// What the key finds in the signature, and that; else a mistake: why it finds nothing.
    private func opened(
        _ sign: Capture.Field, _ form: Capture.Form, _ diagnosis: inout Diagnosis
    ) -> (OpenedSignature, [UInt8])? {
        let candidates = SignCandidate.all(of: sign, form)
        for (index, named) in keys.enumerated() {
            for candidate in candidates {
                guard let opened = named.key.open(candidate.bytes) else { continue }
                if let mistake = candidate.mistake { diagnosis.mistakes.append(mistake) }
                if index > 0 {
                    diagnosis.mistakes.append(
                        Mistake(
                            step: .key, code: "named_key",
                            sentence: "another key signed: genuine under \(named.name)"))
                }
                return (opened, candidate.bytes)
            }
        }
        diagnosis.mistakes.append(unopened(sign, form, candidates))
        return nil
    }

    private func unopened(
        _ sign: Capture.Field, _ form: Capture.Form, _ candidates: [SignCandidate]
    ) -> Mistake {
        guard
            let bytes = candidates.first?.bytes.count ?? SignCandidate.bytesOfPart(sign, form)
        else {
            return Mistake(
                step: .encoding, code: "sign_not_base64", sentence: "sign is not base64",
                field: "sign")
        }
        let wanted = (keys.first?.key.bits ?? 0) / 8
        let sizes = [256, 384, 512, 1024]
        if bytes != wanted, !sizes.contains(bytes) {
            return Mistake(
                step: .encoding, code: "sign_length",
                sentence: "sign has \(bytes) bytes, and a signature of this key has \(wanted): "
                    + "something of it was lost or added", field: "sign")
        }
        return Mistake(
            step: .key, code: "other_key",
            sentence: bytes == wanted
                ? "this key did not make the signature: another one did, or sign was changed"
                : "another key made the signature: it has \(8 * bytes) bits, this one "
                    + "\(8 * wanted)")
    }

    private func digestMistake(_ opened: OpenedSignature) -> Mistake? {
        switch opened.kind {
        case .sha256: return nil
        case .sha1 where !isSHA256Only: return nil
        default:
            let wanted = isSHA256Only ? "SHA-256" : "SHA-1 or SHA-256"
            return Mistake(
                step: .digest, code: opened.kind.rawValue,
                sentence: "the signature is over a digest by \(opened.kind.rawValue), and "
                    + "\(wanted) is wanted")
        }
    }
}
