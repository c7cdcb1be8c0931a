package import KaunterCore
import KaunterStorage

extension Engine {
    /// Gives an account new terms for a service: those it has, changed. They hold for payments and
    /// payouts that are created from now on.
    ///
    /// - Throws: a refusal that names the fields that contradict each other.
    package func setTerms(
        of account: MerchantAccount.ID, service: String, act: ActRecord,
        _ change: @escaping @Sendable (inout Terms) -> Void
    ) async throws -> Terms {
        let now = now
        return try await storage.write { writing in
            guard try writing.lockAccount(account) != nil else {
                throw Refusal.notFound("account")
            }
            var terms =
                try writing.reading.currentTerms(of: account, service: service) ?? Terms()
            change(&terms)
            let faults = terms.contradictions
            if !faults.isEmpty { throw Refusal.invalidFields(faults) }
            try writing.record(act, at: now)
            terms.id = try writing.insert(terms, of: account, service: service, at: now)
            return terms
        }
    }
}

extension Terms {
    /// What can't hold together.
    var contradictions: FieldErrors {
        var errors = FieldErrors()
        if let feeMax, feeMax < feeMin {
            errors.add("fee_max", "The fee_max is less than the fee_min.")
        }
        if let minAmount, let maxAmount, maxAmount < minAmount {
            errors.add("max_amount", "The max_amount is less than the min_amount.")
        }
        if let minAmount, let dailyMax, dailyMax < minAmount {
            errors.add("daily_max", "The daily_max is less than the min_amount.")
        }
        if reservePercent != .zero, reserveDays == 0 {
            errors.add("reserve_days", "A reserve needs days for which it is kept.")
        }
        return errors
    }
}
