import CPostgreSQL

/// A database's URL as the environment of PostgreSQL's own programs.
///
/// On a command line everyone on the machine could read the password; the environment is the
/// owner's.
package enum PostgreSQLEnvironment {
    /// Options that libpq takes from no variable, and that may be left out: they tune a connection.
    private static let droppable: Set<String> = [
        "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
        "tcp_user_timeout", "fallback_application_name",
    ]

    /// The variables that say what the URL says. Throws `.malformed` when libpq can't read it, or
    /// when something in it has no variable.
    package static func variables(for url: String) throws(DatabaseFault) -> [String: String] {
        guard let options = PQconninfoParse(url, nil) else {
            throw DatabaseFault(.malformed, "the URL of the database cannot be read")
        }
        defer { PQconninfoFree(options) }
        var variables: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                let name = String(cString: keyword)
                if let variable = option.pointee.envvar {
                    variables[String(cString: variable)] = String(cString: value)
                } else if !droppable.contains(name) {
                    throw DatabaseFault(
                        .malformed, "the URL's option \(name) can't be handed to another program")
                }
            }
            option += 1
        }
        return variables
    }
}
