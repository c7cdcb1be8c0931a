import Foundation
import KaunterCore
import KaunterDatabase
import KaunterStorage
import Testing

@testable import KaunterServer

/// What a backup's file says of itself.
@Suite("The description in a backup")
struct BackupManifestTests {
    private static let manifest = BackupManifest(
        dialect: .postgresql, schemaName: "public", snapshotAt: Moment(microseconds: 1_700_000_000),
        payloadBytes: 12_345, payloadSHA256: String(repeating: "ab", count: 32),
        contents: StoreContents(
            installation: Installation(mode: .live, masterKeyID: "0123456789abcdef"), schema: 8,
            rows: [StoreContents.TableRows(table: "payments", count: 7)], lastPaymentID: nil,
            ended: 1, openAttempts: 2, pendingNotifications: 3, keysInForce: 4, busiestDay: 5))

    @Test("it is read as it was written, and always as long")
    func roundTrip() throws {
        let trailer = try Self.manifest.trailer()
        #expect(trailer.count == BackupManifest.trailerBytes)
        #expect(BackupManifest(trailer: trailer) == Self.manifest)
    }

    @Test("with any bit turned it is refused")
    func everyBit() throws {
        let trailer = try Self.manifest.trailer()
        for place in trailer.indices {
            var other = trailer
            other[place] ^= 1 << (place % 8)
            #expect(BackupManifest(trailer: other) == nil, "byte \(place)")
        }
        #expect(BackupManifest(trailer: []) == nil)
        #expect(BackupManifest(trailer: trailer.dropLast()) == nil)
    }

    @Test("of a program's complaint only what quotes no row is told")
    func complaints() {
        let table = [
            "pg_dump: error: connection to server failed\nsecond": "connection to server failed",
            "pg_restore: error: COPY failed for table \"payers\": ERROR:  invalid: \"Aisyah\"":
                "COPY failed for table \"payers\": ERROR:  invalid",
            "": "it says nothing.",
        ]
        for (said, told) in table {
            #expect(ChildProgram.complaint(in: Data(said.utf8)) == told)
        }
    }

    @Test("rows are counted in the text of an archive, however it is cut")
    func rows() {
        let text = """
            SET x = 'COPY public.none (id) FROM stdin;';
            COPY public.payments (id, uuid) FROM stdin;
            1\ta
            2\tCOPY public.accounts (id) FROM stdin;
            \\.

            COPY public.accounts (id) FROM stdin;
            \\.

            """
        for size in [1, 2, 7, 1000] {
            var rows = CopiedRows()
            let bytes = Array(text.utf8)
            for begin in stride(from: 0, to: bytes.count, by: size) {
                rows.take(Data(bytes[begin..<min(begin + size, bytes.count)]))
            }
            #expect(rows.counts == ["payments": 2, "accounts": 0])
        }
    }
}
