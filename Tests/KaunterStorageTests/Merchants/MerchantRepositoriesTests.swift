import Foundation
import KaunterCore
import KaunterDatabase
import KaunterStorage
import TestSupport
import Testing

@Suite("Merchants, keys and targets in the store")
struct MerchantRepositoriesTests {
    @Test("the installation is what it was founded as", arguments: TestDatabase.all)
    func installation(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let now = store.clock.now
            #expect(try await store.storage.reader.read { try $0.installation() } == nil)
            let first = Installation(mode: .live, masterKeyID: "0123456789abcdef")
            try await store.storage.write { writing in
                try writing.found(first, at: now)
                try writing.found(Installation(mode: .sandbox, masterKeyID: "x"), at: now)
            }
            #expect(try await store.storage.reader.read { try $0.installation() } == first)
        }
    }

    @Test("every setting of an account comes back", arguments: TestDatabase.all)
    func settings(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            var account = store.account
            func stored() async throws -> MerchantAccount? {
                try await store.storage.reader.read { try $0.account(TestStore.accountID) }
            }
            #expect(try await stored() == account)
            for change: (inout MerchantAccount.Settings) -> Void in [
                { $0.allowsPayments = false }, { $0.partialMoney = .accept },
                { $0.digest = .sha256 }, { $0.redirectMethod = .get },
                { $0.redirectSign = .always },
            ] {
                change(&account.settings)
                let settings = account.settings
                try await store.storage.write { try $0.update(settings, of: TestStore.accountID) }
                #expect(try await stored() == account)
            }
        }
    }

    @Test("accounts are listed by age, with their merchant's name", arguments: TestDatabase.all)
    func accounts(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let name = "Syarikat ‘Üñï’ 株式会社"
            let merchant = Merchant(
                id: Merchant.ID(rawValue: UUID(lastByte: 7)), name: name,
                createdAt: store.clock.now)
            let account = MerchantAccount(
                id: MerchantAccount.ID(rawValue: UUID(lastByte: 8)), merchant: merchant.id,
                merchantName: name, currency: .myr, settings: MerchantAccount.Settings(),
                createdAt: store.clock.now.adding(seconds: -1))
            try await store.storage.write { writing in
                try writing.insert(merchant)
                try writing.insert(account)
            }
            try await store.storage.reader.read { reading throws in
                #expect(try reading.accounts() == [account, store.account])
                #expect(try reading.hasMerchant(merchant.id))
                #expect(try reading.hasMerchant(Merchant.ID(rawValue: UUID(lastByte: 99))) == false)
            }
        }
    }

    private static func key(
        _ byte: UInt8, role: AccountKey.Role = .payment, fingerprint: String? = nil,
        sha256Only: Bool = false, at createdAt: Moment = ManualClock.start, endsAt: Moment? = nil
    ) -> AccountKey {
        AccountKey(
            id: AccountKey.ID(rawValue: UUID(lastByte: byte)), account: TestStore.accountID,
            role: role, origin: byte.isMultiple(of: 2) ? .issued : .uploaded,
            fingerprint: fingerprint ?? "fingerprint-\(byte)", publicPEM: "PEM \(byte)\n",
            sha256Only: sha256Only, createdAt: createdAt, endsAt: endsAt)
    }

    @Test(
        "a key is in force until its end, and named before it unless another lasts longer",
        arguments: TestDatabase.all)
    func keyEnds(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let account = TestStore.accountID
            let now = store.clock.now
            let end = now.adding(seconds: 86_400)
            let first = Self.key(1, endsAt: end)
            let longer = Self.key(2, endsAt: end.adding(seconds: 1))
            let payout = Self.key(3, role: .payout, endsAt: end)
            try await store.storage.write { writing in
                for key in [first, longer, payout] { try writing.insert(key) }
            }
            try await store.storage.reader.read { reading throws in
                func active(_ moment: Moment) throws -> Int {
                    try reading.activeKeys(of: account, role: .payment, at: moment).count
                }
                func named(_ moment: Moment, before: Moment) throws -> [AccountKey] {
                    try reading.endingKeys(after: moment, before: before, limit: 10)
                }
                #expect(try active(end.adding(seconds: -1)) == 2)
                #expect(try active(end) == 1)
                #expect(try active(end.adding(seconds: 1)) == 0)
                #expect(try named(now, before: end.adding(seconds: -1)) == [])
                #expect(try named(now, before: end.adding(seconds: 9)) == [payout, longer])
                #expect(try named(end, before: end.adding(seconds: 9)) == [longer])
                #expect(try reading.accountsWithoutPaymentKey(at: now) == 0)
                #expect(try reading.accountsWithoutPaymentKey(at: end.adding(seconds: 1)) == 1)
            }
            try await store.storage.write { try $0.end(longer.id, at: now) }
            try await store.storage.reader.read { reading throws in
                #expect(try reading.key(longer.id)?.endsAt == now)
            }
        }
    }

    @Test(
        "keys come back as they were stored, the newest active ones first",
        arguments: TestDatabase.all)
    func keys(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let account = TestStore.accountID
            let old = Self.key(1, sha256Only: true)
            let new = Self.key(2, at: ManualClock.start.adding(seconds: 1))
            let payout = Self.key(3, role: .payout)
            let notification = Self.key(4, role: .notification)
            let revokedAt = ManualClock.start.adding(seconds: 9)
            try await store.storage.write { writing in
                for key in [old, new, payout] { try writing.insert(key) }
                try writing.insert(notification, sealedPrivate: "1:seal")
            }
            func active() async throws -> [AccountKey] {
                try await store.storage.reader.read {
                    try $0.activeKeys(of: account, role: .payment, at: store.clock.now)
                }
            }
            #expect(try await active() == [new, old])
            try await store.storage.write { writing in
                try writing.revoke(new.id, at: revokedAt)
                try writing.revoke(new.id, at: revokedAt.adding(seconds: 5))
            }
            #expect(try await active() == [old])
            try await store.storage.reader.read { reading throws in
                #expect(try reading.key(new.id)?.revokedAt == revokedAt)
                #expect(try reading.key(fingerprint: "fingerprint-3") == payout)
                #expect(try reading.key(fingerprint: "FINGERPRINT-3") == nil)
                #expect(try reading.keys(of: account).count == 4)
                #expect(try reading.sealedPrivateKey(of: notification.id) == "1:seal")
                #expect(try reading.sealedPrivateKey(of: old.id) == nil)
            }
        }
    }

    @Test(
        "a public key is known once, whatever its role, and revoked or not",
        arguments: TestDatabase.all)
    func fingerprint(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let first = Self.key(1, fingerprint: "same")
            try await store.storage.write { writing in
                try writing.insert(first)
                try writing.revoke(first.id, at: store.clock.now)
            }
            await #expect(throws: DatabaseFault(.uniqueViolation, "")) {
                try await store.storage.write {
                    try $0.insert(Self.key(2, role: .payout, fingerprint: "same"))
                }
            }
        }
    }

    @Test(
        "endpoints and redirects come back to their own account only",
        arguments: TestDatabase.all)
    func targets(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let now = store.clock.now
            let mine = store.account.id
            let other = MerchantAccount.ID(rawValue: UUID(lastByte: 3))
            let url = "https://kedai.example/ü?a=%20&b='"
            let (endpoint, redirect) = try await store.storage.write { writing in
                try writing.insert(TestStore.account(other, at: now))
                return (
                    try writing.insertEndpoint(
                        url: url, method: .postForm, digest: .sha256, fields: .withoutCommission,
                        concurrency: 2, rate: .perSecond(7), of: mine, at: now),
                    try writing.insertRedirect(url: url, method: .get, of: mine, at: now)
                )
            }
            try await store.storage.reader.read { reading throws in
                let storedEndpoint = Endpoint(
                    id: endpoint, account: mine, url: url, method: .postForm, digest: .sha256,
                    fields: .withoutCommission, concurrency: 2, rate: .perSecond(7), createdAt: now)
                let storedRedirect = Redirect(
                    id: redirect, account: mine, url: url, method: .get, createdAt: now)
                #expect(try reading.endpoint(endpoint, of: mine) == storedEndpoint)
                #expect(try reading.redirect(redirect, of: mine) == storedRedirect)
                #expect(try reading.endpoints(of: mine) == [storedEndpoint])
                #expect(try reading.redirects(of: mine) == [storedRedirect])
                #expect(try reading.endpoint(endpoint, of: other) == nil)
                #expect(try reading.redirect(redirect, of: other) == nil)
                #expect(try reading.endpoint(Int64.max, of: mine) == nil)
            }
        }
    }
}
