import Crypto
import Foundation
import KaunterAPI

/// A file that is read and written whole, piece by piece, and hashed on the way.
final class FileBytes {
    private let descriptor: CInt
    private let path: String
    private var hasher = SHA256()

    /// Bytes of one piece.
    private static let pieceBytes = 1024 * 1024

    private init(_ descriptor: CInt, _ path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// Opens a file to read it.
    static func reading(_ path: String) throws(ServerFault) -> FileBytes {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ServerFault(.refused, "\(path) can't be read: \(words(errno)).")
        }
        return FileBytes(descriptor, path)
    }

    /// Makes a file that is not there, for its owner alone.
    static func writing(_ path: String) throws(ServerFault) -> FileBytes {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else {
            throw ServerFault(.cantCreate, "\(path) can't be written: \(words(errno)).")
        }
        return FileBytes(descriptor, path)
    }

    /// A handle on the same open file, for a child process.
    var handle: FileHandle { FileHandle(fileDescriptor: descriptor, closeOnDealloc: false) }

    /// How long the file is.
    func length() throws(ServerFault) -> Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable }
        return Int64(status.st_size)
    }

    /// Goes back to the beginning: what another process wrote through `handle` is read from there.
    func rewind() throws(ServerFault) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw unreadable }
    }

    /// Reads so many bytes from where it stands, hashes them, and hands each piece to `body`.
    /// Throws when the file ends before.
    func read(_ count: Int64, _ body: (ArraySlice<UInt8>) throws -> Void = { _ in }) throws {
        var left = count
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        while left > 0 {
            let got = Foundation.read(descriptor, &piece, min(piece.count, Int(clamping: left)))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw unreadable }
            hasher.update(data: piece[..<got])
            try body(piece[..<got])
            left -= Int64(got)
        }
    }

    /// Writes bytes where it stands, and hashes them.
    func write(_ bytes: ArraySlice<UInt8>) throws(ServerFault) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw ServerFault(.cantCreate, "\(path) can't be written: \(Self.words(errno)).")
            }
            rest = rest.dropFirst(count)
        }
        hasher.update(data: bytes)
    }

    /// The SHA-256 of all that was read or written so far, in lower-case hex.
    var sha256: String { Hexadecimal.text(of: hasher.finalize()) }

    /// Comes back when the file is on disk.
    func flush() throws(ServerFault) {
        guard fsync(descriptor) == 0 else {
            throw ServerFault(.cantCreate, "\(path) can't be flushed: \(Self.words(errno)).")
        }
    }

    /// Makes what was renamed or linked in a folder last.
    static func flushFolder(_ path: String) throws(ServerFault) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw ServerFault(.cantCreate, "The folder \(path) can't be flushed: \(words(errno)).")
        }
    }

    /// The system's words for an error.
    static func words(_ code: CInt) -> String { String(cString: strerror(code)) }

    private var unreadable: ServerFault {
        ServerFault(.refused, "\(path) can't be read to its end.")
    }
}
