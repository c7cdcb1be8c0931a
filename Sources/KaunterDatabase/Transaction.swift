/// What is in force while a transaction, or a read, is open.
///
/// It works synchronously on a database's thread and ends with the body it was handed to. After a
/// statement has failed the act is lost: further statements fail with the same fault, and nothing
/// of the act is stored even if its body goes on and returns. PostgreSQL works so, and SQLite is
/// held to it, so that both keep the same.
package protocol Transaction: AnyObject {
    var dialect: Dialect { get }

    /// The rows that a statement answers with. A script is refused with `.malformed`.
    func rows(_ sql: SQL) throws(DatabaseFault) -> [Row]

    /// Runs a statement or a script. Returns how many rows were inserted, changed or deleted by the
    /// statement itself: 0 for a script.
    @discardableResult
    func run(_ sql: SQL) throws(DatabaseFault) -> Int
}

/// A transaction as its database's thread sees it.
protocol OpenTransaction: Transaction {
    /// The first fault of a statement. While it is there, nothing of the act may be stored.
    var fault: DatabaseFault? { get }
}
