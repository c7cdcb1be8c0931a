import KaunterAPI
import KaunterCore
import KaunterEngine

extension BalanceReply {
    /// Decimals of the amounts.
    private static let decimals = 8

    /// What a merchant is told of its balances (contract §1.6). What it owes us is taken off what
    /// is available, so that the four sum up to all that we owe it.
    init(_ balances: MerchantBalances, currency: Currency) {
        let text = { (sen: Int64) in Money.sen(sen).decimal(decimals: Self.decimals) }
        self.init(
            currency: currency.rawValue, balance: text(balances.available + balances.receivable),
            hold: text(balances.hold), rollingReserve: text(balances.rollingReserve),
            pendingPayouts: text(balances.payoutsReserved))
    }
}

extension InfoReply {
    /// What a merchant is told of its account (contract §1.6). A frozen account pays nothing out.
    init(_ account: MerchantAccount, isFrozen: Bool, engine: Engine) {
        let currency = account.currency
        let active = engine.activeServices
        self.init(
            isAllowedPayment: account.settings.allowsPayments,
            isAllowedPayout: account.settings.allowsPayouts && !isFrozen,
            payments: KaunterCore.Service.allCases.map {
                Service($0.rawValue, currency, isActive: active.contains($0))
            },
            payouts: [Service(PayoutBank.service, currency, isActive: engine.carriesPayouts)])
    }
}

extension InfoReply.Service {
    /// The method is the code up to its currency.
    fileprivate init(_ code: String, _ currency: Currency, isActive: Bool) {
        let end = code.firstRange(of: "_\(currency.rawValue.lowercased())")?.lowerBound
        self.init(
            method: String(code[..<(end ?? code.endIndex)]), currency: currency.rawValue,
            serviceCode: code, status: isActive ? "active" : "inactive")
    }
}
