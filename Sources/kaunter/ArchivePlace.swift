import Foundation

/// Where a certificate archive goes: a folder of exactly three files, or one zip file. Taken for
/// its owner alone before there is anything to write, and never over something that is there.
struct ArchivePlace {
    private let path: String
    private let isZip: Bool
    /// Whether the folder was there before: then it stays.
    private let isOlder: Bool

    /// Takes the place, or says why it can't be.
    init(_ path: String) throws {
        self.path = path
        self.isZip = path.lowercased().hasSuffix(".zip")
        if isZip {
            isOlder = false
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw Self.taken(path) }
            close(descriptor)
        } else {
            let isEmpty = (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty
            guard isEmpty != false else { throw Self.taken(path) }
            isOlder = isEmpty == true
            guard isOlder || mkdir(path, 0o700) == 0, chmod(path, 0o700) == 0 else {
                throw Self.taken(path)
            }
        }
    }

    /// Writes the three files, each of mode 0600.
    func write(password: String, privatePEM: String, publicPEM: String) throws {
        let files = [
            ZipArchive.File(name: "password.txt", bytes: Array(password.utf8)),
            ZipArchive.File(name: "private.pem", bytes: Array(privatePEM.utf8)),
            ZipArchive.File(name: "public.pem", bytes: Array(publicPEM.utf8)),
        ]
        if isZip {
            try write(ZipArchive.bytes(of: files), to: path, flags: O_TRUNC | O_NOFOLLOW)
        } else {
            for file in files { try write(file.bytes, to: "\(path)/\(file.name)", flags: O_EXCL) }
        }
    }

    /// Gives the place back, if what it was taken for was not done.
    func remove() {
        if isZip {
            unlink(path)
        } else {
            for name in ["password.txt", "private.pem", "public.pem"] { unlink("\(path)/\(name)") }
            if !isOlder { rmdir(path) }
        }
    }

    private func write(_ bytes: [UInt8], to file: String, flags: Int32) throws {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0o600)
        guard descriptor >= 0 else { throw Self.taken(file) }
        defer { close(descriptor) }
        guard Foundation.write(descriptor, bytes, bytes.count) == bytes.count,
            fsync(descriptor) == 0
        else { throw CommandFailure(cantCreate: "The file \(file) can't be written.") }
    }

    private static func taken(_ path: String) -> CommandFailure {
        CommandFailure(
            cantCreate: "\(path) can't be made: it exists already, or its folder doesn't.")
    }
}
