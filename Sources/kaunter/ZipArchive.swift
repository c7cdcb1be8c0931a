import CZlib

/// A zip file of a few small files, stored as they are: keys and passwords don't shrink
/// (APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16).
enum ZipArchive {
    /// A file of the archive.
    struct File {
        let name: String
        let bytes: [UInt8]
    }

    /// The whole zip file.
    static func bytes(of files: [File]) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for file in files {
            let offset = UInt32(archive.count)
            let description = description(of: file)
            archive += number(UInt32(0x0403_4b50)) + description + number(UInt16(0))
            archive += Array(file.name.utf8) + file.bytes
            // Made by UNIX, so that the mode below is read.
            directory += number(UInt32(0x0201_4b50)) + number(UInt16(3 << 8 | 20)) + description
            // No extra field, comment or second disk; a text or not does not matter.
            directory += [UInt8](repeating: 0, count: 8)
            directory += number(UInt32(0o100_600) << 16) + number(offset)
            directory += Array(file.name.utf8)
        }
        let end =
            number(UInt32(0x0605_4b50)) + number(UInt32(0))
            + number(UInt16(files.count)) + number(UInt16(files.count))
            + number(UInt32(directory.count)) + number(UInt32(archive.count)) + number(UInt16(0))
        return archive + directory + end
    }

    /// What both headers say of a file: version, flags, method, time, checksum, sizes, name.
    private static func description(of file: File) -> [UInt8] {
        let checksum = UInt32(truncatingIfNeeded: crc32(0, file.bytes, UInt32(file.bytes.count)))
        let size = number(UInt32(file.bytes.count))
        // 1980-01-01, the format's first day: when a key was made is in the store.
        return number(UInt16(20)) + number(UInt16(0)) + number(UInt16(0)) + number(UInt16(0))
            + number(UInt16(0x21)) + number(checksum) + size + size
            + number(UInt16(file.name.utf8.count))
    }

    /// Little-endian bytes.
    private static func number<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
