import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterRails
import KaunterStorage
import TestSupport
import Testing

@Suite("Attempts")
struct AttemptTests {
    @Test(
        "the intent is stored before the rail is called, and its answer after",
        arguments: TestDatabase.all)
    func intentFirst(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let reader = house.engine.reader
            house.rail.onBegin { attempt async throws(RailFault) in
                let stored = try? await reader.read { try $0.attempt(reference: attempt.reference) }
                guard let stored, stored == attempt, stored.state == .intended else {
                    return .declined(code: "no intent was stored")
                }
                return .begun(.redirect(url: "https://bank.example/"))
            }
            let (payment, attempt) = try await house.createWithAttempt()
            #expect(attempt.state == .open)
            #expect(attempt.step == .redirect(url: "https://bank.example/"))
            #expect(attempt.amount == payment.amount)
            #expect(attempt.number == 1)
            #expect(attempt.rail == "scripted")
            #expect(attempt.deadlineAt == house.clock.now.adding(seconds: 600))
            #expect(attempt.reference.count == 20)
            #expect(try await house.attempts(of: payment) == [attempt])
            #expect(house.rail.begun.count == 1)
        }
    }

    @Test(
        "a rail that has nothing ends the attempt; one of which nothing is known does not",
        arguments: TestDatabase.all)
    func faults(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.create()
            house.rail.onBegin { _ async throws(RailFault) in throw .notSent("refused") }
            let first = try await house.engine.beginAttempt(of: payment.uuid, with: "CIMB")
            #expect(first.state == .declined)
            house.rail.onBegin { _ async throws(RailFault) in throw .unknown("reset") }
            let second = try await house.engine.beginAttempt(of: payment.uuid, with: "CIMB")
            #expect(second.number == 2)
            #expect(second.state == .intended)
            #expect(second.nextEnquiryAt != nil)
            await #expect(throws: Refusal.attemptOpen) {
                try await house.engine.beginAttempt(of: payment.uuid, with: "CIMB")
            }
            await #expect(throws: Refusal.attemptOpen) {
                try await house.engine.leavePayment(payment.uuid)
            }
            // The rail had it after all.
            #expect(try await house.hear("approved", of: second).status == .paid)
        }
    }

    @Test(
        "an attempt is refused with an unknown bank, an idle service, and for no payment",
        arguments: TestDatabase.all)
    func refusals(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.create()
            let counts = try await house.store.rowCounts()
            for code in ["MBB", "CIMBFPX", "cimb", "", "FPX"] {
                await #expect(throws: Refusal.self) {
                    try await house.engine.beginAttempt(of: payment.uuid, with: code)
                }
            }
            await #expect(throws: Refusal.notFound("payment")) {
                try await house.engine.beginAttempt(of: UUID(lastByte: 200), with: "CIMB")
            }
            await #expect(throws: Refusal.self) {
                try await house.engine(rails: []).beginAttempt(of: payment.uuid, with: "CIMB")
            }
            #expect(try await house.store.rowCounts() == counts)
            #expect(house.rail.begun.isEmpty)
        }
    }

    @Test(
        "the selection page offers the FPX banks, and the choice is kept beside the code sent",
        arguments: TestDatabase.all)
    func selection(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.create(.sample(code: "FPX"))
            let attempt = try await house.engine.beginAttempt(of: payment.uuid, with: "MBBFPX")
            #expect(attempt.depositCode.code == "MBBFPX")
            #expect(try await house.stored(payment.uuid).depositCode.code == "FPX")
        }
    }

    @Test(
        "of two tabs at once one begins the attempt, the other is told that one is open",
        arguments: TestDatabase.all, 1...3)
    func tabs(_ kind: TestDatabase, _ round: Int) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.create()
            let results = await withTaskGroup(of: Result<Attempt, any Error>.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        do {
                            return .success(
                                try await house.engine.beginAttempt(
                                    of: payment.uuid, with: "CIMB"))
                        } catch {
                            return .failure(error)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.compactMap { try? $0.get() }.count == 1)
            let refusals = results.compactMap { result -> Refusal? in
                guard case .failure(let error) = result else { return nil }
                return error as? Refusal
            }
            #expect(refusals == Array(repeating: .attemptOpen, count: 5))
            #expect(house.rail.begun.count == 1)
            #expect(try await house.attempts(of: payment).count == 1)
        }
    }

    @Test(
        "a declined attempt leaves the payment waiting, and another may be made",
        arguments: TestDatabase.all)
    func declined(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, first) = try await house.createWithAttempt()
            #expect(try await house.hear("declined", of: first).status == .wait)
            let second = try await house.engine.beginAttempt(of: payment.uuid, with: "CIMB")
            #expect(second.number == 2)
            #expect(second.reference != first.reference)
            #expect(try await house.hear("cancelled", of: second).status == .wait)
            #expect(try await house.engine.leavePayment(payment.uuid).status == .cancel)
        }
    }

    @Test(
        "a payer who leaves after a decline makes fail, else cancel; and only once",
        arguments: TestDatabase.all)
    func leaving(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt()
            try await house.hear("declined", of: attempt)
            let ended = try await house.engine.leavePayment(payment.uuid)
            #expect(ended.status == .fail)
            #expect(ended.paid == .zero)
            await #expect(throws: Refusal.alreadyFinal) {
                try await house.engine.leavePayment(payment.uuid)
            }
            await #expect(throws: Refusal.alreadyFinal) {
                try await house.engine.beginAttempt(of: payment.uuid, with: "CIMB")
            }
            #expect(try await house.stored(payment.uuid) == ended)
        }
    }

    @Test(
        "no attempt is started once the lifetime is over, nor one more than the limit",
        arguments: TestDatabase.all)
    func limits(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            house.rail.onBegin { _ async throws(RailFault) in .declined(code: "51") }
            let payment = try await house.create()
            for _ in 0..<Limits.attemptsPerPayment {
                _ = try await house.engine.beginAttempt(of: payment.uuid, with: "CIMB")
            }
            await #expect(throws: Refusal.tooManyAttempts) {
                try await house.engine.beginAttempt(of: payment.uuid, with: "CIMB")
            }
            let late = try await house.create(.sample("late"))
            house.clock.set(
                Moment(microseconds: late.expiresAt.microseconds - 1))
            _ = try await house.engine.beginAttempt(of: late.uuid, with: "CIMB")
            house.clock.set(late.expiresAt)
            await #expect(throws: Refusal.lifetimeOver) {
                try await house.engine.beginAttempt(of: late.uuid, with: "CIMB")
            }
        }
    }
}
