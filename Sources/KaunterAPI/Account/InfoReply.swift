/// The answer to the question what an account may do (contract §1.6).
public struct InfoReply: Sendable, Equatable {
    /// Whether the account may create payments.
    public var isAllowedPayment: Bool
    /// Whether the account may create payouts.
    public var isAllowedPayout: Bool
    /// The ways of paying.
    public var payments: [Service]
    /// The ways of paying out.
    public var payouts: [Service]

    /// A reply from its parts.
    public init(
        isAllowedPayment: Bool,
        isAllowedPayout: Bool,
        payments: [Service],
        payouts: [Service],
    ) {
        self.isAllowedPayment = isAllowedPayment
        self.isAllowedPayout = isAllowedPayout
        self.payments = payments
        self.payouts = payouts
    }

    /// The reply as it is sent, with exactly the documented keys in their order.
    public var json: JSONValue {
        [
            "is_allowed_payment": .boolean(isAllowedPayment),
            "is_allowed_payout": .boolean(isAllowedPayout),
            "payments": .array(payments.map(\.json)),
            "payouts": .array(payouts.map(\.json)),
        ]
    }

    /// Reads a reply; keys may come in any order and others are passed over.
    public init(json: JSONValue) throws(MalformedMessage) {
        let fields = try FieldReader(json)
        self.init(
            isAllowedPayment: try fields.boolean("is_allowed_payment"),
            isAllowedPayout: try fields.boolean("is_allowed_payout"),
            payments: try Self.services(fields.array("payments")),
            payouts: try Self.services(fields.array("payouts")))
    }

    private static func services(
        _ elements: [JSONValue]
    ) throws(MalformedMessage) -> [Service] {
        var services: [Service] = []
        for element in elements { services.append(try Service(fields: FieldReader(element))) }
        return services
    }
}

extension InfoReply {
    /// One way of paying or of paying out.
    public struct Service: Sendable, Equatable {
        /// The service's code up to its currency, for example `online_banking`.
        public var method: String
        /// `MYR`.
        public var currency: String
        /// The code that a creation names, for example `online_banking_myr_hpp`.
        public var serviceCode: String
        /// `active`, or `inactive` where this installation has nothing that carries it.
        public var status: String

        /// A service from its parts.
        public init(method: String, currency: String, serviceCode: String, status: String) {
            self.method = method
            self.currency = currency
            self.serviceCode = serviceCode
            self.status = status
        }

        var json: JSONValue {
            [
                "method": .string(method),
                "currency": .string(currency),
                "service_code": .string(serviceCode),
                "status": .string(status),
            ]
        }

        init(fields: FieldReader) throws(MalformedMessage) {
            method = try fields.string("method")
            currency = try fields.string("currency")
            serviceCode = try fields.string("service_code")
            status = try fields.string("status")
        }
    }
}
