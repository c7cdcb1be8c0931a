import Foundation
import KaunterCore
import KaunterDatabase

extension Payment {
    /// The columns that `init(_ row:)` reads.
    static var columns: SQL {
        """
        id, uuid, account_id, order_id, service, customer_code, amount_sen, description,
        success_redirect_id, fail_redirect_id, notification_endpoint_id, success_redirect_url,
        fail_redirect_url, notification_endpoint_url, status, received_sen, paid_sen, is_partial,
        created_at, expires_at, final_at, terms_id, origin_payment_id, fee_sen, hold_sen,
        hold_until, reserve_sen, old_available_sen, new_available_sen, returned_sen, frozen_at
        """
    }

    init(_ row: Row) throws(DatabaseFault) {
        var targets = PaymentOrder.Targets()
        targets.successRedirectID = try row.integerOrNil("success_redirect_id")
        targets.failRedirectID = try row.integerOrNil("fail_redirect_id")
        targets.notificationEndpointID = try row.integerOrNil("notification_endpoint_id")
        targets.successRedirectURL = try row.textOrNil("success_redirect_url")
        targets.failRedirectURL = try row.textOrNil("fail_redirect_url")
        targets.notificationEndpointURL = try row.textOrNil("notification_endpoint_url")
        self.init(
            id: ID(rawValue: try row.integer("id")), uuid: try row.uuid("uuid"),
            account: MerchantAccount.ID(rawValue: try row.uuid("account_id")),
            orderID: try row.text("order_id"), amount: .sen(try row.integer("amount_sen")),
            depositCode: try row.depositCode("customer_code"), targets: targets,
            description: try row.textOrNil("description"), createdAt: try row.moment("created_at"),
            expiresAt: try row.moment("expires_at"),
            termsID: try row.integerOrNil("terms_id"),
            originID: try row.integerOrNil("origin_payment_id").map { ID(rawValue: $0) })
        status = try row.word("status")
        received = .sen(try row.integer("received_sen"))
        paid = try row.integerOrNil("paid_sen").map { .sen($0) }
        isPartial = try row.booleanOrNil("is_partial")
        finalAt = try row.momentOrNil("final_at")
        booking = try PaymentBooking(row)
        returned = .sen(try row.integer("returned_sen"))
        frozenAt = try row.momentOrNil("frozen_at")
    }
}

extension PaymentBooking {
    /// Nil while nothing is booked.
    init?(_ row: Row) throws(DatabaseFault) {
        guard let fee = try row.integerOrNil("fee_sen") else { return nil }
        self.init(
            fee: .sen(fee), hold: .sen(try row.integer("hold_sen")),
            holdUntil: try row.momentOrNil("hold_until"),
            reserve: .sen(try row.integer("reserve_sen")),
            oldAvailable: try row.integerOrNil("old_available_sen"),
            newAvailable: try row.integerOrNil("new_available_sen"))
    }
}

extension Attempt {
    /// The columns that `init(_ row:)` reads.
    static var columns: SQL {
        """
        id, payment_id, number, rail, reference, customer_code, amount_sen, state, step_kind,
        step_value, begun_at, deadline_at, enquiries, next_enquiry_at, ended_at
        """
    }

    init(_ row: Row) throws(DatabaseFault) {
        self.init(
            id: try row.integer("id"), payment: Payment.ID(rawValue: try row.integer("payment_id")),
            number: Int(clamping: try row.integer("number")), rail: try row.text("rail"),
            reference: try row.text("reference"), depositCode: try row.depositCode("customer_code"),
            amount: .sen(try row.integer("amount_sen")), state: try row.word("state"),
            step: try Step(row), begunAt: try row.moment("begun_at"),
            deadlineAt: try row.moment("deadline_at"),
            enquiries: Int(clamping: try row.integer("enquiries")),
            nextEnquiryAt: try row.momentOrNil("next_enquiry_at"),
            endedAt: try row.momentOrNil("ended_at"))
    }
}

extension Attempt.Step {
    init?(_ row: Row) throws(DatabaseFault) {
        guard let kind = try row.textOrNil("step_kind") else { return nil }
        let value = try row.text("step_value")
        switch kind {
        case "redirect": self = .redirect(url: value)
        case "qr_code": self = .qrCode(payload: value)
        default: throw DatabaseFault(.malformed, "column step_kind holds an unknown word")
        }
    }

    /// The word and the text under which a step is stored.
    var stored: (kind: String, value: String) {
        switch self {
        case .redirect(let url): ("redirect", url)
        case .qrCode(let payload): ("qr_code", payload)
        }
    }
}

extension Row {
    /// A code of the catalogue.
    fileprivate func depositCode(_ column: String) throws(DatabaseFault) -> DepositCode {
        guard let code = Catalogue.depositCode(try text(column)) else {
            throw DatabaseFault(.malformed, "column \(column) holds an unknown code")
        }
        return code
    }
}
