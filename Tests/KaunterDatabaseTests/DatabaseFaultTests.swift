import GRDB
import Testing

@testable import KaunterDatabase

@Suite("DatabaseFault")
struct DatabaseFaultTests {
    @Test("faults are equal by their codes, and only two codes are worth another try")
    func codes() {
        #expect(DatabaseFault(.busy, "one") == DatabaseFault(.busy, "another"))
        #expect(DatabaseFault(.busy, "one") != DatabaseFault(.gone, "one"))
        let transient = DatabaseFault.Code.allCases.filter { DatabaseFault($0, "").isTransient }
        #expect(transient == [.serialization, .busy])
    }

    @Test(
        "an SQLSTATE has its code",
        arguments: [
            ("23505", .uniqueViolation), ("23503", .constraint), ("23514", .constraint),
            ("P0001", .constraint), ("40001", .serialization), ("40P01", .serialization),
            ("55P03", .busy), ("57014", .busy), ("08006", .gone), ("57P01", .gone),
            ("57P02", .gone), ("57P03", .gone), ("25P03", .gone), ("53100", .full),
            ("53300", .overloaded), ("22P02", .malformed), ("42601", .other), ("", .other),
        ] as [(String, DatabaseFault.Code)])
    func sqlStates(state: String, code: DatabaseFault.Code) {
        #expect(DatabaseFault.Code(sqlState: state) == code)
    }

    @Test(
        "a result code of SQLite has its code",
        arguments: [
            (.SQLITE_CONSTRAINT_UNIQUE, .uniqueViolation),
            (.SQLITE_CONSTRAINT_PRIMARYKEY, .uniqueViolation),
            (.SQLITE_CONSTRAINT_FOREIGNKEY, .constraint), (.SQLITE_CONSTRAINT, .constraint),
            (.SQLITE_CONSTRAINT_TRIGGER, .constraint), (.SQLITE_BUSY_SNAPSHOT, .busy),
            (.SQLITE_LOCKED, .busy), (.SQLITE_FULL, .full), (.SQLITE_IOERR_FSYNC, .gone),
            (.SQLITE_CANTOPEN, .gone), (.SQLITE_NOMEM, .overloaded), (.SQLITE_TOOBIG, .malformed),
            (.SQLITE_CORRUPT, .other), (.SQLITE_NOTADB, .other), (.SQLITE_ERROR, .other),
        ] as [(ResultCode, DatabaseFault.Code)])
    func sqliteCodes(result: ResultCode, code: DatabaseFault.Code) {
        #expect(DatabaseFault.Code(sqlite: result) == code)
    }

    @Test("the server's words are kept only where they cannot quote a value")
    func words() {
        let message = "invalid input syntax for type bigint: \"Siti binti Ali\""
        let quoting = DatabaseFault(sqlState: "22P02", message: message, constraint: nil)
        let guarded = DatabaseFault(
            sqlState: "P0001", message: "postings are never changed", constraint: nil)
        let unique = DatabaseFault(sqlState: "23505", message: message, constraint: "one_order")

        #expect(quoting.reason == "SQLSTATE 22P02")
        #expect(guarded.reason == "SQLSTATE P0001: postings are never changed")
        #expect(unique.reason == "SQLSTATE 23505, constraint one_order")
    }
}
