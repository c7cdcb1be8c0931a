public import KaunterAPI

/// These calls are signed with the account's payout key: make a `Kaunter` with it.
extension Kaunter {
    /// What the account has: available, held, in reserve, and on its way out.
    public func balance() async throws(KaunterError) -> BalanceReply {
        let json = try await call(Path.accountBalance, body: [])
        return try read { () throws(MalformedMessage) in try BalanceReply(json: json) }
    }

    /// What the account may do, and which services are active.
    public func info() async throws(KaunterError) -> InfoReply {
        let json = try await call(Path.accountInfo, body: [])
        return try read { () throws(MalformedMessage) in try InfoReply(json: json) }
    }
}
