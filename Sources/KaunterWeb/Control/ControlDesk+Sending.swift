import KaunterAPI
import KaunterCore
import KaunterEngine

/// A notification that an operator sends by hand.
extension ControlDesk {
    /// Sends what the fields say, once. Whether the receiver accepted it is in the answer, and no
    /// failure of the act.
    func sendNotification(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        _ = fields.required("to")
        let url = fields.url("to")
        let method: NotificationMethod? = fields.optionalWord("method")
        let digest: MessageDigest? = fields.optionalWord("digest")
        let message = fields.notification()
        var act: ActRecord?
        if !engine.installation.isSandbox {
            let detail: JSONObject = [
                "id": .integer(message?.id ?? 0),
                "payment_status": .string(message?.paymentStatus ?? ""),
                "payment_amount": .string(message?.paymentAmount ?? ""),
            ]
            act = try record(
                .sendNotification, of: "account \(account?.rawValue.text ?? "")", detail, &fields)
        }
        guard let account, let url, let message, fields.errors.isEmpty else {
            throw Refusal.invalidFields(fields.errors)
        }
        let http = PinnedHTTP(allowsInside: engine.installation.isSandbox)
        do {
            let sent = try await engine.sendNotification(
                message, of: account, to: url, by: method ?? .get, digest: digest, act: act,
                through: http)
            await http.close()
            return json(sent)
        } catch {
            await http.close()
            throw error
        }
    }

    private func json(_ sent: NotificationSentByHand) -> JSONValue {
        let requests = sent.result.requests.map { each -> JSONValue in
            let body: String?
            switch each.request.body {
            case .none: body = nil
            case .form(let text), .json(let text): body = text
            }
            return [
                "method": .string(body == nil ? "GET" : "POST"), "url": .string(each.request.url),
                "body": .optional(body), "code": .integer(each.code),
                "fault": .optional(each.fault.isEmpty ? nil : each.fault),
            ]
        }
        return [
            "accepted": .boolean(sent.result.isAccepted), "code": .integer(sent.result.code),
            "fault": .optional(sent.result.fault.isEmpty ? nil : sent.result.fault),
            "digest": .string(sent.digest.rawValue), "signed_text": .string(sent.signedText),
            "sign": .string(sent.sign), "requests": .array(requests),
        ]
    }
}

extension FieldReader {
    /// The fields of a notification, in the forms in which the house would send them (contract §4).
    fileprivate mutating func notification() -> NotificationMessage? {
        let type: NotifiedType? = value("type") == nil ? .payment : word("type")
        let id = self.id("id")
        let orderID = requiredText("order_id", atMost: Limits.orderIDCharacters)
        let status: NotifiedStatus? = word("payment_status")
        let amount = sum("amount")
        let paid = sum("payment_amount")
        let commission = value("commission_amount") == nil ? "0.00" : sum("commission_amount")
        let partial: NotifiedFlag? =
            value("is_partial_payment") == nil ? .no : word("is_partial_payment")
        let service =
            value("service") == nil
            ? Service.onlineBanking.rawValue
            : requiredText("service", atMost: Limits.orderIDCharacters)
        let desc = optionalText("desc", atMost: Limits.descriptionCharacters)
        guard let type, let id, let orderID, let status, let amount, let paid, let commission,
            let partial, let service, let account = account()
        else { return nil }
        return NotificationMessage(
            type: type.rawValue, id: id, orderID: orderID, paymentStatus: status.rawValue,
            amount: amount, paymentAmount: paid, commissionAmount: commission,
            isPartialPayment: partial == .yes, account: account.rawValue.text, service: service,
            desc: desc)
    }

    /// A required sum, as text with two decimals.
    private mutating func sum(_ field: String) -> String? {
        guard let value = required(field) else { return nil }
        if let text = value.stringValue ?? value.numberText, let sum = try? Amount.parse(text) {
            return sum.decimal()
        }
        refuse(field, "The \(field) must be a sum in ringgit with two decimals at most.")
        return nil
    }
}

/// What a notification is about.
private enum NotifiedType: String, CaseIterable {
    case payment
    case payout
}

/// The statuses that are told.
private enum NotifiedStatus: String, CaseIterable {
    case paid
    case cancel
    case fail
}

/// A flag as it is signed.
private enum NotifiedFlag: String, CaseIterable {
    case no = "0"
    case yes = "1"
}
