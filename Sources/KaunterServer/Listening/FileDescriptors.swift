import Foundation

/// How many files and connections the system lets this process have open.
enum FileDescriptors {
    /// Those that are not connections of clients: the database, receivers, rails, logs.
    static let reserve = 256

    /// Raises the limit as far as the system allows, and says how many connections fit into it
    /// beside the reserve. Connections beyond that would take away the files of the database.
    static func room(for connections: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return connections
        }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        let all = Int(clamping: limit.rlim_cur)
        // A system that gives next to nothing still gets half of it for either side.
        return min(connections, max(all - reserve, all / 2))
    }
}
