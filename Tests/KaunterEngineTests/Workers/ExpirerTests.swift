import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterRails
import KaunterStorage
import TestSupport
import Testing

@Suite("The expirer")
struct ExpirerTests {
    @Test(
        "a payment ends at its time: cancel, or fail after a decline, or with part of the money",
        arguments: TestDatabase.all)
    func ends(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let expirer = Expirer(engine: house.engine)
            #expect(try await house.turn(expirer) == nil)
            let quiet = try await house.create(.sample("quiet"))
            let (declined, no) = try await house.createWithAttempt(.sample("declined"))
            try await house.hear("declined", of: no)
            let (part, some) = try await house.createWithAttempt(.sample("part"))
            try await house.hear("received", of: some, sen: 1)
            let all = [quiet, declined, part]

            house.clock.set(Moment(microseconds: quiet.expiresAt.microseconds - 1))
            #expect(try await house.turn(expirer) == quiet.expiresAt)
            for payment in all {
                #expect(try await house.stored(payment.uuid).status == .wait)
            }
            house.clock.set(quiet.expiresAt)
            #expect(try await house.turn(expirer) == nil)
            #expect(try await house.stored(quiet.uuid).status == .cancel)
            #expect(try await house.stored(declined.uuid).status == .fail)
            #expect(try await house.stored(part.uuid).status == .fail)
            #expect(try await house.suspense(of: part).map(\.reason) == [.partial])
            #expect(try await house.turn(expirer) == nil)
        }
    }

    @Test(
        "a payment with an open attempt is left alone until the attempt is over",
        arguments: TestDatabase.all)
    func openAttempt(_ kind: TestDatabase) async throws {
        let rail = ScriptedRail(deadlineSeconds: 5_000)
        try await EngineHouse.use(kind, rail: rail) { house in
            let expirer = Expirer(engine: house.engine)
            let (payment, attempt) = try await house.createWithAttempt()
            house.clock.set(payment.expiresAt.adding(seconds: 1))
            #expect(try await house.turn(expirer) == nil)
            #expect(try await house.stored(payment.uuid).status == .wait)
            // The rail says no after the lifetime: that ends the payment at once.
            #expect(try await house.hear("cancelled", of: attempt).status == .cancel)
        }
    }

    @Test(
        "more payments than a turn takes are ended by the turns that follow at once",
        arguments: TestDatabase.all)
    func many(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            for number in 0..<201 { _ = try await house.create(.sample("\(number)")) }
            house.clock.advance(seconds: 1_800)
            let expirer = Expirer(engine: house.engine)
            #expect(try await house.turn(expirer) == house.clock.now)
            #expect(try await house.turn(expirer) == nil)
            let left = try await house.engine.reader.read {
                try $0.expiredPayments(at: house.clock.now, limit: 1)
            }
            #expect(left == [])
        }
    }
}
