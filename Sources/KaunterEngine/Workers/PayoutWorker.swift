package import KaunterCore
import KaunterRails
import KaunterStorage
import Logging

/// Takes payouts to their rail, and asks about those of unknown fate. The intent is stored before
/// the rail is called, in the transaction that claims the payout: whoever finds it later asks, and
/// does not send.
package struct PayoutWorker: Worker {
    package let name = "payouts"
    private let engine: Engine

    /// Payouts taken in one turn.
    private static let payoutsPerTurn = 50
    /// Seconds after which a payout that nobody has finished is taken again, by asking; beyond any
    /// time that a rail's answer is waited for.
    private static let leaseSeconds: Int64 = 60

    package init(engine: Engine) {
        self.engine = engine
    }

    package func turn(now: Moment, spawn: Spawn) async throws -> Moment? {
        let next = try await engine.reader.read { try $0.nextPayoutAt() }
        guard let next, next <= now else { return next }
        let claimed = try await engine.claimPayouts(
            limit: Self.payoutsPerTurn, leaseSeconds: Self.leaseSeconds)
        for payout in claimed { spawn { await take(payout, claimedAt: now) } }
        // Nothing claimed although something is due: another node has it, or an account is frozen.
        return claimed.isEmpty ? nil : try await engine.reader.read { try $0.nextPayoutAt() }
    }

    /// Calls the rail about one payout, and records what it said.
    private func take(_ claimed: ClaimedPayout, claimedAt: Moment) async {
        let payout = claimed.payout
        do {
            guard let payee = try await engine.reader.read({ try $0.payee(of: payout.id) }),
                let rail = engine.payoutRails.rail(named: payout.rail)
            else {
                engine.logger.error(
                    "a payout has no rail here, or no payee",
                    metadata: ["payout": "\(payout.id.rawValue)"])
                return
            }
            if claimed.isToSend { engine.surroundings.reached(.payoutIntended) }
            let instruction = PayoutInstruction(payout: payout, payee: payee, at: engine.now)
            // Who stood still must not send: another may have taken "not found" for proof by the
            // time that it arrives.
            let patience = claimed.isToSend ? Payout.sendingSeconds : Self.leaseSeconds
            guard engine.now < claimedAt.adding(seconds: patience) else { return }
            let askedAt = engine.now
            let answer = await ask(rail, instruction, isToSend: claimed.isToSend)
            engine.surroundings.reached(.payoutCalled)
            try await engine.recordPayoutAnswer(answer, of: payout.id, askedAt: askedAt)
            engine.surroundings.reached(.payoutRecorded)
        } catch {
            // The lease runs out, and the payout is asked about.
            Measures.workerFailed(name)
            engine.logger.warning(
                "what a rail said of a payout was not stored",
                metadata: ["payout": "\(payout.id.rawValue)"])
        }
    }

    private func ask(
        _ rail: any PayoutRail, _ instruction: PayoutInstruction, isToSend: Bool
    ) async -> PayoutAnswer {
        do throws(RailFault) {
            return isToSend
                ? try await rail.send(instruction) : try await rail.enquire(instruction)
        } catch {
            engine.logger.warning(
                "a payout's rail gave no answer",
                metadata: [
                    "rail": "\(rail.name)", "payout": "\(instruction.payout.id.rawValue)",
                ])
            if case .notSent = error, isToSend { return .notSent }
            return .pending
        }
    }
}

/// A payout that a worker has taken.
package struct ClaimedPayout: Sendable, Equatable {
    package let payout: Payout
    /// Whether its sending was written down with the claim; else the rail is asked.
    package let isToSend: Bool
}

extension Engine {
    /// Takes what is due, and writes down the sending of what is to be sent, in one commit.
    func claimPayouts(limit: Int, leaseSeconds: Int64) async throws -> [ClaimedPayout] {
        let now = now
        return try await storage.write { writing in
            try writing.claimPayouts(at: now, leaseSeconds: leaseSeconds, limit: limit)
                .map { payout in
                    guard payout.stage == .due,
                        let rail = self.payoutRails.rail(named: payout.rail)
                    else { return ClaimedPayout(payout: payout, isToSend: false) }
                    let decision = try payout.deciding(
                        .sending(deadlineSeconds: rail.deadlineSeconds), returnCheckSeconds: nil,
                        at: now)
                    try writing.save(decision, at: now)
                    return ClaimedPayout(payout: decision.payout, isToSend: true)
                }
        }
    }
}
