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
        let signature = sign.flatMap { SignatureText.decode($0) }
        let known = callers.known(id, role, at: now)
        if let known, let signed = try verified(known, signature, body) { return signed }
        let caller = try await caller(id, role)
        // The same keys say the same again. Others are there when a key was just issued.
        if let caller, caller.keys != known?.keys,
            let signed = try verified(caller, signature, body)
        {
            return uuid == nil ? nil : signed
        }
        let tried = caller?.keys.count ?? 0
        for _ in tried..<max(tried, Self.keysTried) {
            _ = VerifyingKey.decoy.isValid(signature: signature ?? Self.noSignature, for: body)
        }
        return nil
    }

    /// The account with its keys of this role, as they are now.
    private func caller(
        _ id: MerchantAccount.ID, _ role: AccountKey.Role
    ) async throws -> CallerCache.Caller? {
        let now = now
        let (account, keys) = try await reader.read { reading in
            (try reading.account(id), try reading.activeKeys(of: id, role: role, at: now))
        }
        guard let account else { return nil }
        let caller = CallerCache.Caller(account: account, keys: keys)
        callers.keep(caller, role, at: now)
        return caller
    }

    /// The caller, if one of its keys has signed these bytes. Without a signature as much is worked
    /// as with one that is wrong.
    private func verified(
        _ caller: CallerCache.Caller, _ signature: [UInt8]?, _ body: [UInt8]
    ) throws -> SignedAccount? {
        for key in caller.keys {
            let digest = try keys.verifyingKey(of: key).isValid(
                signature: signature ?? Self.noSignature, for: body, sha256Only: key.sha256Only)
            guard let digest, signature != nil else { continue }
            Measures.signatureVerified(digest: digest.rawValue)
            return SignedAccount(account: caller.account)
        }
        return nil
    }

    /// Keys that are tried before a call is refused, with decoys where the account has fewer: as
    /// many as an account has while it changes its key.
    private static let keysTried = 2
    /// A uuid that no account has: random ones have a version.
    private static let noAccount = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    /// The length of a signature, and not one.
    private static let noSignature = [UInt8](repeating: 1, count: 256)
}
