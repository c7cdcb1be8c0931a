import Foundation

/// Reads and makes small files that only their owner may read.
enum SecretFile {
    /// The most bytes of such a file.
    static let maximumBytes = 4096

    /// The bytes of a regular file whose mode gives nothing to group and others.
    ///
    /// The mode is asked of the open file, so that no other file can take its place in between.
    static func bytes(at path: String) throws(MasterKeyFault) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .file(path: path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .file(path: path, code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .wrongFormat(path: path) }
        // The system's manager hands credentials over as files of root that a group may read: root
        // has chosen the group. PostgreSQL has the same rule for its keys.
        let shut: mode_t = status.st_uid == 0 && geteuid() != 0 ? 0o037 : 0o077
        guard status.st_mode & shut == 0 else { throw .openToOthers(path: path) }
        var buffer = [UInt8](repeating: 0, count: maximumBytes + 1)
        let count = read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw .file(path: path, code: errno) }
        guard count <= maximumBytes else { throw .wrongFormat(path: path) }
        return Array(buffer.prefix(count))
    }

    /// Makes a file of mode 0600 that is on the disk, with its name, when this returns.
    ///
    /// It gets its name when it is whole, so that nobody reads half of it. Throws when a file of
    /// that name exists already; a file that can't be finished is removed.
    static func create(at path: String, bytes: [UInt8]) throws(MasterKeyFault) {
        let partial = "\(path).\(getpid()).partial"
        try write(bytes, to: partial)
        let isNamed = link(partial, path) == 0
        let code = errno
        unlink(partial)
        guard isNamed else { throw .file(path: path, code: code) }
        try synchronizeFolder(of: path)
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(MasterKeyFault) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(path: path, code: errno) }
        let isWritten = Foundation.write(descriptor, bytes, bytes.count) == bytes.count
        guard isWritten, fsync(descriptor) == 0 else {
            let code = errno
            close(descriptor)
            unlink(path)
            throw .file(path: path, code: code)
        }
        close(descriptor)
    }

    private static func synchronizeFolder(of path: String) throws(MasterKeyFault) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: folder, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .file(path: folder, code: errno) }
    }
}
