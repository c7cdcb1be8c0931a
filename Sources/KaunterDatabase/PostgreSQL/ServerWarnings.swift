import CPostgreSQL

/// Remembers that the server has warned of something. Lives on its connection's thread.
///
/// Without a receiver libpq prints notices to the standard error.
final class ServerWarnings {
    private var hasWarned = false

    /// Hears what a connection is told, from now on. This object must outlive the connection.
    func listen(to connection: OpaquePointer) {
        let me = Unmanaged.passUnretained(self).toOpaque()
        PQsetNoticeReceiver(
            connection,
            { me, result in
                guard let me, let result else { return }
                // Class 01 is a warning; what is merely notable has class 00.
                // https://www.postgresql.org/docs/current/errcodes-appendix.html
                let state = PQresultErrorField(result, CInt(UInt8(ascii: "C")))
                guard let state, String(cString: state).hasPrefix("01") else { return }
                Unmanaged<ServerWarnings>.fromOpaque(me).takeUnretainedValue().hasWarned = true
            }, me)
    }

    /// Whether there was a warning since this was last asked.
    func take() -> Bool {
        defer { hasWarned = false }
        return hasWarned
    }
}
