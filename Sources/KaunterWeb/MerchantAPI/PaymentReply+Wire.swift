import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

extension PaymentStatusReply {
    /// What a merchant is told of a payment (contract §1.2). While it waits, what is not known is
    /// null; of a payment that brought nothing no balance was touched.
    init(_ payment: Payment, engine: Engine) {
        self.init(
            url: engine.installation.pageURL(of: payment.uuid),
            paymentStatus: payment.status.rawValue, id: payment.id.rawValue,
            orderID: payment.orderID, amount: payment.amount.decimal(),
            serviceCode: payment.depositCode.service.rawValue)
        guard let paid = payment.paid else { return }
        paymentAmount = paid.decimal()
        isPartialPayment = payment.isPartial ?? false
        let booking = payment.booking
        commissionAmount = payment.commission.decimal()
        accountPaymentAmount = (paid - payment.commission).decimal()
        holdAmount = (booking?.hold ?? .zero).decimal()
        holdAt = booking?.holdUntil?.malaysianText
        accountOldBalance = booking?.oldAvailable.map { Money.sen($0).decimal() }
        accountNewBalance = booking?.newAvailable.map { Money.sen($0).decimal() }
    }
}

extension PaymentHistoryReply {
    /// A page of the history (contract §1.3).
    init(_ history: PaymentHistory, query: HistoryQuery, engine: Engine) {
        self.init(
            history.payments.map { Entry($0) }, of: history.total, query: query,
            path: engine.installation.publicURL + Path.paymentHistory)
    }

    /// The page of these entries out of so many, at the address of its call.
    init(_ entries: [Entry], of total: Int64, query: HistoryQuery, path: String) {
        let size = Int64(query.size)
        let lastPage = max(1, (total + size - 1) / size)
        let before = (query.page - 1) * size
        let link = { (page: Int64) in "\(path)?page=\(page)" }
        self.init(
            data: entries,
            links: Links(
                first: link(1), last: link(lastPage),
                prev: query.page > 1 ? link(query.page - 1) : nil,
                next: query.page < lastPage ? link(query.page + 1) : nil),
            meta: Meta(
                currentPage: query.page, from: entries.isEmpty ? nil : before + 1,
                lastPage: lastPage, path: path, perPage: size,
                to: entries.isEmpty ? nil : before + Int64(entries.count), total: total))
    }
}

extension PaymentHistoryReply.Entry {
    /// Decimals of the amounts in the history.
    static let decimals = 9

    init(_ payment: Payment) {
        self.init(
            createdAt: payment.createdAt.malaysianText, id: payment.id.rawValue,
            orderID: payment.orderID, amount: payment.amount.decimal(decimals: Self.decimals),
            commissionAmount: payment.status.isFinal
                ? payment.commission.decimal(decimals: Self.decimals) : nil,
            currency: payment.amount.currency.rawValue, status: payment.status.rawValue)
    }
}
