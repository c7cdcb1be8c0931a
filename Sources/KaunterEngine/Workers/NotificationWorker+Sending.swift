import Foundation
import KaunterAPI
import KaunterCore
import KaunterStorage

/// How a try to deliver went.
struct SendResult {
    /// The HTTP code of the answer, 0 if none came.
    let code: Int
    /// A word for what went wrong, or "".
    let fault: String
    /// What to remember of this address: set when another method than the first one worked.
    var learned: NotificationMethod?

    /// Any 2xx is an acceptance; everything else, a redirect included, is not (contract §4).
    var isAccepted: Bool { (200...299).contains(code) }
}

extension NotificationWorker {
    /// Sends a notification as its endpoint wants it. A `get` endpoint that answers 404 or 405 is
    /// tried once more at once by POST, with the same query and the JSON body; and the other way
    /// round, where POST is what was learned (contract §4). Both tries share one time-out, so that
    /// the lease outlasts them.
    func send(
        _ message: NotificationMessage, sign: String, for delivery: Delivery
    ) async -> SendResult {
        let end = engine.now.adding(seconds: Limits.notificationTimeoutSeconds)
        switch delivery.method {
        case .postForm:
            return await send(.form(message.form(sign: sign)), to: delivery.url, until: end)
        case .postJSON where !delivery.isLearned:
            return await send(.json(message.jsonBody(sign: sign)), to: delivery.url, until: end)
        case .get, .postJSON:
            let address = delivery.url.appending(query: message.query(sign: sign))
            let json = OutgoingRequest.Body.json(message.jsonBody(sign: sign))
            let isGetFirst = delivery.method == .get
            let first = await send(isGetFirst ? .none : json, to: address, until: end)
            guard first.code == 404 || first.code == 405 else { return first }
            var second = await send(isGetFirst ? json : .none, to: address, until: end)
            guard second.isAccepted else { return first }
            second.learned = isGetFirst ? .postJSON : .get
            return second
        }
    }

    private func send(
        _ body: OutgoingRequest.Body, to url: String, until end: Moment
    ) async -> SendResult {
        let seconds = Double(end.microseconds - engine.now.microseconds) / 1_000_000
        do throws(OutgoingFault) {
            let code = try await http.send(
                OutgoingRequest(
                    url: url, body: body, traceparent: Trail.current?.trace.traceparent),
                within: seconds)
            return SendResult(code: code, fault: "")
        } catch {
            return SendResult(code: 0, fault: error.rawValue)
        }
    }
}

extension Reading {
    /// What a notification says of a payment or payout that is final.
    func message(of subject: NotificationSubject) throws -> NotificationMessage {
        switch subject {
        case .payment(let id):
            guard let payment = try payment(id) else { throw Refusal.notFound("payment") }
            return NotificationMessage(payment)
        case .payout(let id):
            guard let payout = try payout(id) else { throw Refusal.notFound("payout") }
            return NotificationMessage(payout)
        }
    }
}

extension NotificationMessage {
    /// What a final payment is told as.
    init(_ payment: Payment) {
        self.init(
            type: "payment", id: payment.id.rawValue, orderID: payment.orderID,
            paymentStatus: payment.status.rawValue, amount: payment.amount.decimal(),
            paymentAmount: (payment.paid ?? .zero).decimal(),
            commissionAmount: payment.commission.decimal(),
            isPartialPayment: payment.isPartial ?? false,
            account: payment.account.rawValue.text,
            service: payment.depositCode.service.rawValue, desc: payment.description)
    }

    /// What a final payout is told as: its amount and fee if it was paid, else nothing.
    init(_ payout: Payout) {
        let isPaid = payout.status == .paid
        self.init(
            type: "payout", id: payout.id.rawValue, orderID: payout.orderID,
            paymentStatus: payout.status.rawValue, amount: payout.amount.decimal(),
            paymentAmount: (isPaid ? payout.amount : .zero).decimal(),
            commissionAmount: (isPaid ? payout.fee : .zero).decimal(), isPartialPayment: false,
            account: payout.account.rawValue.text, service: PayoutBank.service,
            desc: payout.description)
    }
}
