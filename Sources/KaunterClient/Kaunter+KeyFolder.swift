import Foundation
public import KaunterAPI

extension Kaunter {
    /// The key in an unpacked certificate archive: `private.pem`, opened with `password.txt`.
    ///
    /// The password's bytes are taken as they are: a line end that an editor added is a part of it,
    /// and the key does not open. Throws when a file is missing or too long, or the key does not
    /// open.
    public static func keyFolder(_ path: String) throws(KeyFault) -> SigningKey {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        let password = try text(
            of: "password.txt", in: folder, maximumBytes: KeyLimits.passphraseBytes)
        let pem = try text(of: "private.pem", in: folder, maximumBytes: KeyLimits.textBytes)
        return try SigningKey(privatePEM: pem, passphrase: password)
    }

    private static func text(
        of name: String, in folder: URL, maximumBytes: Int
    ) throws(KeyFault) -> String {
        let bytes: Data?
        do {
            let file = try FileHandle(forReadingFrom: folder.appendingPathComponent(name))
            bytes = try file.read(upToCount: maximumBytes + 1)
            try file.close()
        } catch {
            throw KeyFault(reason: "\(name) can't be read")
        }
        guard let bytes, bytes.count <= maximumBytes else {
            throw KeyFault(reason: "\(name) is empty or longer than \(maximumBytes) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw KeyFault(reason: "\(name) is not a text")
        }
        return text
    }
}
