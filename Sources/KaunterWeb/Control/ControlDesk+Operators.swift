import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

/// Operators, what they ask of each other, and what they did.
extension ControlDesk {
    /// Approvals and acts that are listed at once.
    private static let rowsAtMost = 10_000

    func addOperator(_ fields: inout FieldReader) async throws -> JSONValue {
        let name = fields.requiredText("name", atMost: Limits.nameCharacters)
        let act = try record(.addOperator, of: "operator \(name ?? "")", [:], &fields)
        let added = try await engine.addOperator(named: name ?? "", act: act)
        return ["operator": .string(added.name), "credential": .string(added.credential)]
    }

    func revokeOperator(_ fields: inout FieldReader) async throws -> JSONValue {
        let name = fields.requiredText("name", atMost: Limits.nameCharacters)
        let act = try record(.revokeOperator, of: "operator \(name ?? "")", [:], &fields)
        try await engine.revokeOperator(named: name ?? "", act: act)
        return ["operator": .string(name ?? "")]
    }

    func listOperators() async throws -> JSONValue {
        let operators = try await engine.reader.read { try $0.operators() }
        return [
            "operators": .array(
                operators.map { each in
                    [
                        "operator": .string(each.name),
                        "created_at": .string(each.createdAt.malaysianText),
                        "revoked_at": .optional(each.revokedAt?.malaysianText),
                    ]
                })
        ]
    }

    func listApprovals() async throws -> JSONValue {
        let waiting = try await engine.reader.read { reading in
            try reading.waitingApprovals(limit: Self.rowsAtMost).map { approval in
                (approval, try approval.askedBy.flatMap { try reading.operator($0)?.name })
            }
        }
        return [
            "approvals": .array(
                waiting.map { approval, asker in
                    [
                        "approval": .integer(approval.id), "act": .string(approval.act),
                        "asked_by": .optional(asker), "reason": .string(approval.reason),
                        "parameters": .string(approval.parameters),
                        "payout": approval.payout.map { .integer($0.rawValue) } ?? .null,
                        "created_at": .string(approval.createdAt.malaysianText),
                    ]
                })
        ]
    }

    /// Has the act done that waits for this operator's word.
    func approve(_ fields: inout FieldReader) async throws -> JSONValue {
        let (approval, me) = try await waiting(&fields)
        guard approval.askedBy != me.id else {
            throw Refusal.conflict("Another operator than the one who asked has to approve it.")
        }
        let decision = ApprovalDecision(approval: approval.id, decider: me.id, isApproved: true)
        if let payout = approval.payout {
            let sent = try await engine.approvePayout(payout, act: word(decision, me, approval))
            return ["payout": .integer(payout.rawValue), "status": .string(sent.status.rawValue)]
        }
        if approval.act == Approval.keyAct {
            try await engine.decide(word(decision, me, approval))
            return ["approval": .integer(approval.id), "state": "approved"]
        }
        guard let act = ControlAct(rawValue: approval.act),
            let kept = try? JSONValue(parsing: Array(approval.parameters.utf8)).objectValue,
            let asker = try await engine.reader.read({ reading in
                try approval.askedBy.flatMap { try reading.operator($0) }
            })
        else { throw Refusal.conflict("This version can't do what was asked for.") }
        var desk = self
        desk.acting = Acting(name: asker.name, known: asker, decision: decision)
        var asked = FieldReader(kept)
        return try await desk.answer(act, &asked)
    }

    /// Says no to what waits; a payout that waits is cancelled, and its money given back.
    func reject(_ fields: inout FieldReader) async throws -> JSONValue {
        let (approval, me) = try await waiting(&fields)
        let reason = fields.requiredText("reason", atMost: Limits.reasonCharacters)
        try fields.check()
        let act = word(
            ApprovalDecision(approval: approval.id, decider: me.id, isApproved: false), me,
            approval, reason: reason)
        if let payout = approval.payout {
            _ = try await engine.cancelPayout(payout, act: act)
        } else {
            try await engine.decide(act)
        }
        return ["approval": .integer(approval.id), "state": "rejected"]
    }

    func listActs(_ fields: inout FieldReader) async throws -> JSONValue {
        let from = fields.requiredDay("from")
        let to = fields.requiredDay("to")
        try fields.check()
        guard let from, let to else { throw Refusal.notFound("day") }
        let acts = try await engine.reader.read {
            try $0.acts(from: from, to: to, limit: Self.rowsAtMost)
        }
        return [
            "acts": .array(
                acts.map { act in
                    [
                        "act": .integer(act.id), "at": .string(act.at.malaysianText),
                        "operator": .string(act.record.operatorName),
                        "did": .string(act.record.act), "subject": .string(act.record.subject),
                        "detail": .string(act.record.detail),
                        "reason": .string(act.record.reason),
                        "approval": act.record.approvalID.map { .integer($0) } ?? .null,
                    ]
                })
        ]
    }

    /// The approval that is named and waits, and who decides.
    private func waiting(
        _ fields: inout FieldReader
    ) async throws -> (approval: Approval, me: Operator) {
        let id = fields.id("approval")
        try fields.check()
        guard let me = acting?.known else {
            throw Refusal.notAllowed("An approval needs an operator's credential.")
        }
        guard let approval = try await engine.reader.read({ try $0.approval(id ?? 0) }) else {
            throw Refusal.notFound("approval")
        }
        guard approval.state == .waiting else {
            throw Refusal.conflict("It is \(approval.state.rawValue) already.")
        }
        return (approval, me)
    }

    private func word(
        _ decision: ApprovalDecision, _ me: Operator, _ approval: Approval, reason: String? = nil
    ) -> ActRecord {
        ActRecord(
            operatorName: me.name,
            act: decision.isApproved
                ? ControlAct.approve.rawValue : ControlAct.reject.rawValue,
            subject: "approval \(approval.id)", detail: "{}", reason: reason ?? approval.reason,
            decision: decision)
    }
}
