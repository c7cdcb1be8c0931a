import Hummingbird
import KaunterAPI
import KaunterCore

extension Request {
    /// Bytes of a form of ours: a code, a word.
    private static let formBytes = 4 * 1024

    /// The fields of a small form; of a field that comes twice, the first.
    func form() async throws -> [String: String] {
        let bytes = try await bytes(upTo: Self.formBytes)
        do throws(MalformedMessage) {
            let fields = try FormText.decode(String(decoding: bytes, as: UTF8.self))
            return Dictionary(
                fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        } catch {
            throw Refusal.invalidFields(FieldErrors("form", "The form can't be read."))
        }
    }
}
