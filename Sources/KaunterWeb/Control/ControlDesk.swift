import HTTPTypes
package import KaunterAPI
import KaunterCore
package import KaunterEngine
package import KaunterStorage

/// Does what operators ask: reads the fields of an act, has the engine do it, and words the answer.
package struct ControlDesk: Sendable {
    let engine: Engine
    /// Nil where the store is copied by another process.
    let copier: StoreCopier?
    /// Who has the present act done; nil where nobody has to be named.
    var acting: Acting?

    package init(engine: Engine, copier: StoreCopier? = nil) {
        self.engine = engine
        self.copier = copier
    }

    /// Performs an act; never throws: what hindered it is in the answer.
    package func perform(_ act: ControlAct, _ parameters: JSONObject) async -> ControlReply {
        do {
            var fields = FieldReader(parameters)
            var desk = self
            desk.acting = try await acting(act, parameters)
            let waits = try await needsApproval(act, parameters, by: desk.acting)
            let body =
                waits ? try await desk.ask(act, &fields) : try await desk.answer(act, &fields)
            return ControlReply(status: 200, errorCode: nil, body: body)
        } catch {
            let failure = Failure(error)
            return ControlReply(
                status: failure.status.code, errorCode: failure.code, body: failure.reply.json)
        }
    }

    func answer(_ act: ControlAct, _ fields: inout FieldReader) async throws -> JSONValue {
        switch act {
        case .createMerchant: try await createMerchant(&fields)
        case .createAccount: try await createAccount(&fields)
        case .listAccounts: try await listAccounts()
        case .setAccount: try await setAccount(&fields)
        case .issueKey: try await issueKey(&fields)
        case .uploadKey: try await uploadKey(&fields)
        case .notificationKey: try await notificationKey(&fields)
        case .listKeys: try await listKeys(&fields)
        case .revokeKey: try await revokeKey(&fields)
        case .showWebhookKey: try await showWebhookKey(&fields)
        case .rotateWebhookKey: try await rotateWebhookKey(&fields)
        case .addEndpoint: try await addEndpoint(&fields)
        case .listEndpoints: try await listEndpoints(&fields)
        case .addRedirect: try await addRedirect(&fields)
        case .listRedirects: try await listRedirects(&fields)
        case .beginBackup: try beginBackup()
        case .lookAtBackup: try lookAtBackup(&fields)
        case .showTerms: try await showTerms(&fields)
        case .showBalance: try await showBalance(&fields)
        case .audit: try await audit()
        case .statement: try await statement(&fields)
        case .trialBalance: try await trialBalance(&fields)
        case .exportSeal: try await exportSeal(&fields)
        case .listSuspense: try await listSuspense()
        case .showSuspense: try await showSuspense(&fields)
        case .setTerms: try await setTerms(&fields)
        case .refundPayment: try await refundPayment(&fields)
        case .reversePayment: try await reversePayment(&fields)
        case .reversePayout: try await reversePayout(&fields)
        case .freezePayment: try await freezePayment(&fields)
        case .unfreezePayment: try await unfreezePayment(&fields)
        case .freezeAccount: try await freezeAccount(&fields)
        case .unfreezeAccount: try await unfreezeAccount(&fields)
        case .adjustAccount: try await adjustAccount(&fields)
        case .settleRail: try await settleRail(&fields)
        case .assignSuspense: try await assignSuspense(&fields)
        case .returnSuspense: try await returnSuspense(&fields)
        case .addOperator: try await addOperator(&fields)
        case .revokeOperator: try await revokeOperator(&fields)
        case .listOperators: try await listOperators()
        case .listApprovals: try await listApprovals()
        case .approve: try await approve(&fields)
        case .reject: try await reject(&fields)
        case .listActs: try await listActs(&fields)
        case .setEndpoint: try await setEndpoint(&fields)
        case .removeEndpoint: try await removeEndpoint(&fields)
        case .listEvents, .showEvent, .followEvents, .sendNotification, .resendEvents,
            .listReceivers, .pauseReceiver, .resumeReceiver:
            try await answerOfEvents(act, &fields)
        case .showClock, .advanceClock, .trigger, .resetSandbox:
            try await answerInSandbox(act, &fields)
        case .examine: try await examine()
        }
    }

    /// What concerns events and whoever is told of them.
    private func answerOfEvents(
        _ act: ControlAct, _ fields: inout FieldReader
    ) async throws -> JSONValue {
        switch act {
        case .listEvents: try await listEvents(&fields)
        case .showEvent: try await showEvent(&fields)
        case .followEvents: try await followEvents(&fields)
        case .sendNotification: try await sendNotification(&fields)
        case .resendEvents: try await resendEvents(&fields)
        case .pauseReceiver: try await pauseReceiver(&fields)
        case .listReceivers: try await listReceivers(&fields)
        case .resumeReceiver: try await resumeReceiver(&fields)
        default: throw Refusal.notFound("act")
        }
    }

    /// What only a sandbox does.
    private func answerInSandbox(
        _ act: ControlAct, _ fields: inout FieldReader
    ) async throws -> JSONValue {
        switch act {
        case .showClock: try await showClock()
        case .advanceClock: try await advanceClock(&fields)
        case .trigger: try await trigger(&fields)
        case .resetSandbox: try await resetSandbox()
        default: throw Refusal.notFound("act")
        }
    }
}

extension FieldReader {
    /// A required word of a closed list.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ field: String, _ type: Word.Type = Word.self
    ) -> Word? {
        guard let value = required(field) else { return nil }
        guard let word = value.stringValue.flatMap(Word.init(rawValue:)) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            refuse(field, "The \(field) must be one of \(words).")
            return nil
        }
        return word
    }

    /// A word of a closed list that may be left out.
    mutating func optionalWord<Word: RawRepresentable<String> & CaseIterable>(
        _ field: String, _ type: Word.Type = Word.self
    ) -> Word? {
        value(field) == nil ? nil : word(field)
    }

    /// Refuses now, if anything was wrong so far.
    func check() throws {
        if !errors.isEmpty { throw Refusal.invalidFields(errors) }
    }
}
