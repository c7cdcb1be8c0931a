import Foundation
import KaunterAPI
package import KaunterCore
import KaunterStorage

/// The account that signed a call. Only verification makes one, so what takes it can't forget to
/// verify.
package struct SignedAccount: Sendable {
    package let account: MerchantAccount

    fileprivate init(account: MerchantAccount) {
        self.account = account
    }
}

extension Engine {
    /// The account whose key of this role signed exactly these bytes, or nil.
    ///
    /// An unknown account, a key of another role, and a signature that is none take the same path
    /// with a decoy key, so that neither answer nor time tells them apart (contract §6).
    ///
    /// - Parameters:
    ///   - account: the header `Account`, as it came.
    ///   - sign: the header `Sign`, as it came.
    package func authenticate(
        account text: String?, sign: String?, body: [UInt8], role: AccountKey.Role
    ) async throws -> SignedAccount? {
        let uuid = text.flatMap { UUID(uuidString: $0) }
        let id = MerchantAccount.ID(rawValue: uuid ?? Self.noAccount)
        let (account, candidates) = try await reader.read { reading in
            (try reading.account(id), try reading.activeKeys(of: id, role: role))
        }
        let signature = sign.flatMap { SignatureText.decode($0) }
        var digest: SignatureDigest?
        for key in candidates where digest == nil {
            digest = try keys.verifyingKey(of: key).isValid(
                signature: signature ?? Self.noSignature, for: body, sha256Only: key.sha256Only)
        }
        if digest == nil {
            for _ in candidates.count..<max(candidates.count, Self.keysTried) {
                _ = VerifyingKey.decoy.isValid(
                    signature: signature ?? Self.noSignature, for: body)
            }
        }
        guard let account, let digest, signature != nil, uuid != nil else { return nil }
        Measures.signatureVerified(digest: digest.rawValue)
        return SignedAccount(account: account)
    }

    /// Keys that are tried before a call is refused, with decoys where the account has fewer: as
    /// many as an account has while it changes its key.
    private static let keysTried = 2
    /// A uuid that no account has: random ones have a version.
    private static let noAccount = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    /// The length of a signature, and not one.
    private static let noSignature = [UInt8](repeating: 1, count: 256)
}
