import Crypto
import KaunterAPI
import KaunterCore
import KaunterDatabase
import KaunterStorage
import KaunterWeb

/// What stands at the end of a backup's file: what it is a copy of, and how to see that it is
/// whole.
///
/// Before it the file is the database's own: a SQLite file, or an archive of `pg_dump`. Both read
/// their files from the front and are not disturbed by what comes after.
struct BackupManifest: Sendable, Equatable {
    let dialect: Dialect
    /// On PostgreSQL, the schema that holds the tables.
    let schemaName: String?
    let snapshotAt: Moment
    /// Bytes before the trailer, and their SHA-256 in lower-case hex.
    let payloadBytes: Int64
    let payloadSHA256: String
    let contents: StoreContents

    /// Bytes of the trailer, always the same, so that it is found.
    static let trailerBytes = 8192
    private static let mark = "\nkaunter-backup 1\n"

    /// The trailer: a mark, one line of JSON, its SHA-256, and blanks. Throws when it doesn't fit.
    func trailer() throws(ServerFault) -> [UInt8] {
        let json = JSONValue.object(json).text
        let text = "\(Self.mark)\(json)\n\(Self.hash(of: json))\n"
        guard text.utf8.count < Self.trailerBytes else {
            throw ServerFault(.refused, "The backup's description is too long.")
        }
        let blanks = [UInt8](
            repeating: UInt8(ascii: " "), count: Self.trailerBytes - text.utf8.count - 1)
        return Array(text.utf8) + blanks + [UInt8(ascii: "\n")]
    }

    /// Reads a trailer; nil if a bit of it is not as it was written.
    init?(trailer bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 3)
        guard bytes.starts(with: Self.mark.utf8), lines.count == 4,
            let json = (try? JSONValue(parsing: Array(lines[1])))?.objectValue,
            let dialect = json["database"]?.stringValue.flatMap(Dialect.init(rawValue:)),
            let snapshotAt = json["snapshot_at"]?.integerValue,
            let payloadBytes = json["bytes"]?.integerValue,
            let payloadSHA256 = json["sha256"]?.stringValue,
            let contents = json["contents"]?.objectValue.flatMap(StoreContents.init(json:))
        else { return nil }
        self.init(
            dialect: dialect, schemaName: json["schema_name"]?.stringValue,
            snapshotAt: Moment(microseconds: snapshotAt), payloadBytes: payloadBytes,
            payloadSHA256: payloadSHA256, contents: contents)
        guard (try? trailer()) == bytes else { return nil }
    }

    init(
        dialect: Dialect, schemaName: String?, snapshotAt: Moment, payloadBytes: Int64,
        payloadSHA256: String, contents: StoreContents
    ) {
        self.dialect = dialect
        self.schemaName = schemaName
        self.snapshotAt = snapshotAt
        self.payloadBytes = payloadBytes
        self.payloadSHA256 = payloadSHA256
        self.contents = contents
    }

    private var json: JSONObject {
        [
            "database": .string(dialect.rawValue),
            "schema_name": .optional(schemaName),
            "snapshot_at": .integer(snapshotAt.microseconds),
            "snapshot_at_utc": .string(snapshotAt.utcText),
            "bytes": .integer(payloadBytes),
            "sha256": .string(payloadSHA256),
            "contents": .object(contents.json),
        ]
    }

    private static func hash(of text: String) -> String {
        Hexadecimal.text(of: SHA256.hash(data: Array(text.utf8)))
    }
}
