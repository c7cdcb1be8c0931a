import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterRails

// Mistakes at the seams to the outside.

extension Plant {
    static let outside: [Plant] = [
        Plant(name: "a commit that is acknowledged before it is stored", lostCommitsPerMille: 15),
        Plant(
            name: "a rail adapter that takes a lost answer for a request never sent",
            rail: { MistakenRail($0, .lostIsNotSent) }),
        Plant(
            name: "a rail adapter that takes \"not found\" for \"declined\"",
            rail: { MistakenRail($0, .notFoundIsDeclined) }),
        Plant(
            name: "a rail adapter that takes a fixed amount for one that the payer chose",
            rail: { MistakenRail($0, .fixedIsFree) }),
        Plant(
            name: "a time-out of a receiver that counts as its yes",
            http: { MistakenHTTP(inner: $0) }),
        Plant(
            name: "a node whose clock is two hours slow",
            skewMilliseconds: { $0 == 0 ? -7_200_000 : 0 }),
        Plant(name: "notifications signed with a wrong key", schema: wrongKeyScripts),
    ]

    /// Puts another private key in the place of each account's own.
    private static let wrongKeyScripts: [String] = {
        guard let secrets = try? SimulatedStore.secrets.get(),
            let keys = try? SimulatedStore.template.get().rows("SELECT id FROM account_keys")
        else { return [] }
        return keys.compactMap { row in
            guard let id = UUID(uuidString: row.word("id")),
                let sealed = try? SimulatedStore.seal(
                    secrets.wrong, as: AccountKey.ID(rawValue: id), under: secrets.key)
            else { return nil }
            return """
                UPDATE account_keys SET sealed_private = '\(sealed)'
                WHERE id = '\(row.word("id"))'
                """
        }
    }()
}

/// A rail whose adapter has a mistake.
private struct MistakenRail: Rail {
    /// Which.
    enum Mistake {
        case lostIsNotSent
        case notFoundIsDeclined
        case fixedIsFree
    }

    private let inner: any Rail
    private let mistake: Mistake

    init(_ inner: any Rail, _ mistake: Mistake) {
        self.inner = inner
        self.mistake = mistake
    }

    var name: String { inner.name }
    var services: [Service: ClosedRange<Money>] { inner.services }
    var deadlineSeconds: Int64 { inner.deadlineSeconds }

    func begin(_ attempt: Attempt) async throws(RailFault) -> RailAnswer {
        do throws(RailFault) {
            return try await inner.begin(attempt)
        } catch {
            if mistake == .lostIsNotSent { throw .notSent("no answer") }
            throw error
        }
    }

    func enquire(_ attempt: Attempt) async throws(RailFault) -> RailAnswer {
        mistaken(try await inner.enquire(attempt))
    }

    func read(_ message: RailMessage) throws(RailFault) -> (reference: String, answer: RailAnswer) {
        let (reference, answer) = try inner.read(message)
        return (reference, mistaken(answer))
    }

    private func mistaken(_ answer: RailAnswer) -> RailAnswer {
        switch (mistake, answer) {
        case (.notFoundIsDeclined, .notFound): .declined(code: "not_found")
        case (.fixedIsFree, .approved(let receipt)): .received(receipt)
        default: answer
        }
    }
}

/// Takes silence for a yes.
private struct MistakenHTTP: OutgoingHTTP {
    let inner: any OutgoingHTTP

    func send(
        _ request: OutgoingRequest, within seconds: Double
    ) async throws(OutgoingFault) -> OutgoingAnswer {
        do throws(OutgoingFault) {
            return try await inner.send(request, within: seconds)
        } catch {
            if error == .timeout { return OutgoingAnswer(code: 200) }
            throw error
        }
    }
}
