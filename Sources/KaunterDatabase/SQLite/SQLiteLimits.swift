/// The bounds that a SQLite database keeps.
package struct SQLiteLimits: Sendable {
    /// Acts that may wait for the writer; as many reads again may wait for the readers.
    package var queueLimit: Int

    /// Acts that share one commit. More would save little, and make the first of them wait long.
    package var groupLimit: Int

    /// How long to wait for another process that holds the file.
    package var busyTimeoutSeconds: Double

    /// Pages of 4 KiB in the log after which the writer checkpoints. SQLite's default is 1,000: the
    /// slowest commits are those that checkpoint, so here they do it sooner, and less at a time.
    package var checkpointPages: Int

    /// The defaults suit a gateway that shares a small machine with nobody.
    package init(
        queueLimit: Int = 4_096,
        groupLimit: Int = 256,
        busyTimeoutSeconds: Double = 5,
        checkpointPages: Int = 500
    ) {
        self.queueLimit = queueLimit
        self.groupLimit = groupLimit
        self.busyTimeoutSeconds = busyTimeoutSeconds
        self.checkpointPages = checkpointPages
    }
}
