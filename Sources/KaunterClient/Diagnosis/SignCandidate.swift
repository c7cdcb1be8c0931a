import Foundation
import KaunterAPI

/// A reading of `sign`.
struct SignCandidate: Sendable {
    let bytes: [UInt8]
    let mistake: Mistake?

    /// All readings that are base64, the protocol's own first.
    static func all(of sign: Capture.Field, _ form: Capture.Form) -> [SignCandidate] {
        var candidates: [SignCandidate] = []
        let add = { (text: String?, code: String?, sentence: String) in
            guard let text, let bytes = SignatureText.decode(text) else { return }
            let mistake = code.map {
                Mistake(step: .encoding, code: $0, sentence: sentence, field: "sign")
            }
            candidates.append(SignCandidate(bytes: bytes, mistake: mistake))
        }
        let standard = Reading.standard.text(of: sign.raw, form)
        add(standard, nil, "")
        add(
            standard?.replacingOccurrences(of: " ", with: "+"), "sign_unescaped_plus",
            "the + of the base64 in sign were sent bare and became spaces; genuine if they are "
                + "written %2B")
        let again = standard.flatMap { Reading.standard.text(of: Array($0.utf8), .query) }
        add(
            again?.replacingOccurrences(of: " ", with: "+"),
            form == .json ? "sign_percent_left" : "sign_encoded_twice",
            form == .json
                ? "sign was left percent-encoded; genuine if it is decoded"
                : "sign was percent-encoded twice; genuine if it is decoded once more")
        add(
            standard.map(padded), "sign_padding",
            "the = at the end of sign are missing; genuine if they are put back")
        let plain = standard?.replacingOccurrences(of: "-", with: "+")
            .replacingOccurrences(of: "_", with: "/")
        add(
            plain.map(padded), "sign_url_alphabet",
            "sign is base64 with the alphabet for URLs; genuine with + and /")
        return candidates
    }

    /// About how many bytes a part of base64 stands for; nil if there is something else in it.
    static func bytesOfPart(_ sign: Capture.Field, _ form: Capture.Form) -> Int? {
        // A cut may have gone through an escaped character.
        let raw = String(decoding: sign.raw, as: UTF8.self)
        let cut = raw.range(of: "%[0-9A-Fa-f]?$", options: .regularExpression)
        let whole = Array((cut.map { String(raw[..<$0.lowerBound]) } ?? raw).utf8)
        guard let text = Reading.standard.text(of: form == .query ? whole : sign.raw, form) else {
            return nil
        }
        let isBase64 = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
                || "+/= ".utf8.contains(byte)
        }
        return isBase64 ? text.utf8.count * 3 / 4 : nil
    }

    private static func padded(_ text: String) -> String {
        let bare = text.filter { $0 != "=" && !$0.isWhitespace }
        return bare + String(repeating: "=", count: (4 - bare.utf8.count % 4) % 4)
    }
}
