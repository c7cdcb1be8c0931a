import Foundation

/// Where a backup goes: a file that is not there yet. It is written under another name beside it,
/// and gets its own when it is whole.
struct BackupPlace: Sendable {
    /// The file as it was asked for.
    let path: String
    /// The file while it is written.
    let draft: String
    private let folder: String

    /// Takes a place that is free.
    init(_ path: String, token: String) throws(ServerFault) {
        let url = URL(fileURLWithPath: path).standardizedFileURL
        self.path = url.path
        folder = url.deletingLastPathComponent().path
        draft = "\(folder)/.\(url.lastPathComponent).\(token).partial"
        guard !isTaken else { throw taken }
    }

    /// Gives the whole draft its name. Never over another file, even one that came meanwhile.
    func publish() throws(ServerFault) {
        if link(draft, path) == 0 {
            unlink(draft)
        } else if errno == EPERM || errno == EOPNOTSUPP, !isTaken {
            // A file system without links, as some shares are.
            guard rename(draft, path) == 0 else {
                throw ServerFault(
                    .cantCreate, "\(path) can't be made: \(FileBytes.words(errno)).")
            }
        } else {
            throw taken
        }
        try FileBytes.flushFolder(folder)
    }

    /// Removes the draft, if there is one.
    func remove() {
        unlink(draft)
    }

    private var isTaken: Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    private var taken: ServerFault {
        ServerFault(.cantCreate, "\(path) exists already: a backup never replaces a file.")
    }
}
