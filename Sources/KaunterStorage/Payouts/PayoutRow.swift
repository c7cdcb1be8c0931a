import KaunterCore
import KaunterDatabase

extension Payout {
    /// The columns that `init(_ row:)` reads.
    static var columns: SQL {
        """
        id, account_id, kind, payment_id, suspense_id, order_id, customer_code, amount_sen, fee_sen,
        description, notification_endpoint_id, notification_endpoint_url, status, stage, rail,
        reference, rail_transaction, sends, enquiries, deadline_at, next_at, old_available_sen,
        new_available_sen, created_at, final_at, returned_at
        """
    }

    init(_ row: Row) throws(DatabaseFault) {
        guard let bank = Catalogue.payoutBank(try row.text("customer_code")) else {
            throw DatabaseFault(.malformed, "column customer_code holds an unknown code")
        }
        var targets = Targets()
        targets.notificationEndpointID = try row.integerOrNil("notification_endpoint_id")
        targets.notificationEndpointURL = try row.textOrNil("notification_endpoint_url")
        self.init(
            id: ID(rawValue: try row.integer("id")),
            account: MerchantAccount.ID(rawValue: try row.uuid("account_id")),
            kind: try Kind(row), orderID: try row.text("order_id"),
            amount: .sen(try row.integer("amount_sen")), fee: .sen(try row.integer("fee_sen")),
            bank: bank, targets: targets, description: try row.textOrNil("description"),
            rail: try row.text("rail"), reference: try row.text("reference"),
            createdAt: try row.moment("created_at"))
        status = try row.word("status")
        stage = try row.word("stage")
        railTransaction = try row.textOrNil("rail_transaction")
        sends = Int(clamping: try row.integer("sends"))
        enquiries = Int(clamping: try row.integer("enquiries"))
        deadlineAt = try row.momentOrNil("deadline_at")
        nextAt = try row.momentOrNil("next_at")
        oldAvailable = try row.integerOrNil("old_available_sen")
        newAvailable = try row.integerOrNil("new_available_sen")
        finalAt = try row.momentOrNil("final_at")
        returnedAt = try row.momentOrNil("returned_at")
    }
}

extension Payout.Kind {
    init(_ row: Row) throws(DatabaseFault) {
        switch try row.text("kind") {
        case "payout": self = .payout
        case "refund": self = .refund(of: Payment.ID(rawValue: try row.integer("payment_id")))
        case "return": self = .suspenseReturn(of: try row.integer("suspense_id"))
        default: throw DatabaseFault(.malformed, "column kind holds an unknown word")
        }
    }

    var paymentID: Payment.ID? {
        if case .refund(let payment) = self { payment } else { nil }
    }

    var suspenseID: Int64? {
        if case .suspenseReturn(let entry) = self { entry } else { nil }
    }
}
