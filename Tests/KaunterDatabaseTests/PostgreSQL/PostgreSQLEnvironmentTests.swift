import KaunterDatabase
import Testing

/// A database's URL, as other programs read it.
@Suite("The environment of PostgreSQL's programs")
struct PostgreSQLEnvironmentTests {
    @Test("every part of a URL has its variable")
    func parts() throws {
        let url =
            "postgresql://u%40x:p%20w@db.example:6543/pay?sslmode=require"
            + "&options=-csearch_path%3Dshop&keepalives=1"
        #expect(
            try PostgreSQLEnvironment.variables(for: url) == [
                "PGUSER": "u@x", "PGPASSWORD": "p w", "PGHOST": "db.example", "PGPORT": "6543",
                "PGDATABASE": "pay", "PGSSLMODE": "require", "PGOPTIONS": "-csearch_path=shop",
            ])
    }

    @Test("what has no variable, and what is no URL, is refused")
    func refused() {
        for url in ["postgresql://h/d?sslpassword=x", "postgresql://[", "postgresql://h/d?no=1"] {
            #expect(throws: DatabaseFault(.malformed, "")) {
                try PostgreSQLEnvironment.variables(for: url)
            }
        }
    }
}
