import KaunterCore
import KaunterDatabase

/// Terms as a merchant would check them with a pocket calculator: worked out here once more, from
/// the rows alone.
struct Agreement {
    let millionths: Int64
    let fixed: Int64
    let least: Int64
    let most: Int64?
    let holdDays: Int64
    let reserveMillionths: Int64
    let reserveDays: Int64
    let returnsFee: Bool

    /// What `init(_:)` reads of the table `t`.
    static var columns: SQL {
        """
        t.fee_millionths, t.fee_fixed_sen, t.fee_min_sen, t.fee_max_sen, t.hold_days,
        t.reserve_millionths, t.reserve_days, t.refund_fee
        """
    }

    init(_ row: Row) {
        millionths = row.number("fee_millionths") ?? 0
        fixed = row.number("fee_fixed_sen") ?? 0
        least = row.number("fee_min_sen") ?? 0
        most = row.number("fee_max_sen")
        holdDays = row.number("hold_days") ?? 0
        reserveMillionths = row.number("reserve_millionths") ?? 0
        reserveDays = row.number("reserve_days") ?? 0
        returnsFee = row.word("refund_fee") == "return"
    }

    /// What holds for the next thing that this account asks for.
    static func newest(
        of account: String, for service: String, in store: SimulatedStore
    ) -> Agreement? {
        store.rows(
            """
            SELECT \(columns) FROM terms t
            WHERE t.account_id = \(account) AND t.service = \(service) ORDER BY t.id DESC LIMIT 1
            """
        ).first.map { Agreement($0) }
    }

    func fee(of sen: Int64) -> Int64 {
        var fee = Self.halfUp(sen * millionths, 1_000_000) + fixed
        if fee < least { fee = least }
        if let most, fee > most { fee = most }
        return fee > sen ? sen : fee
    }

    /// The part of the net that is kept for `reserveDays`.
    func reserve(of sen: Int64) -> Int64 {
        reserveDays == 0 ? 0 : Self.halfUp((sen - fee(of: sen)) * reserveMillionths, 1_000_000)
    }

    /// What of a fee goes back when `part` of `whole` has gone back.
    func returned(of fee: Int64, for part: Int64, of whole: Int64) -> Int64 {
        returnsFee ? Self.halfUp(fee * part, whole) : 0
    }

    /// The tax that is included in a fee.
    static func tax(in fee: Int64, rate: Percentage) -> Int64 {
        halfUp(fee * rate.millionths, 1_000_000 + rate.millionths)
    }

    /// A quotient of what is not below zero, rounded half up.
    static func halfUp(_ number: Int64, _ divisor: Int64) -> Int64 {
        (2 * number + divisor) / (2 * divisor)
    }
}
