import Crypto
import Foundation
import KaunterCore

/// The text over which a seal's SHA-256 is taken, line by line (docs/internals/ledger.md). Whoever
/// has the books can make it again with any program.
///
///     seal NUMBER FIRST LAST SEALED_AT PREVIOUS
///     transfer POSITION ID REASON CAUSE PHASE PENDING SUBJECT DAY AT
///     entry LINE ACCOUNT CODE SEN OWNER
///     act POSITION ID AT APPROVAL ACT DETAIL_SHA256 REASON_SHA256 LENGTH:OPERATOR LENGTH:SUBJECT
///
/// What is absent is `-`; every line ends with a line feed.
struct SealText {
    private var hasher = SHA256()
    /// The entries so far.
    private(set) var entries: Int64 = 0

    /// - Parameter previous: the SHA-256 of the seal before it; nil for the first.
    init(
        number: Int64, positions: ClosedRange<Int64>, sealedAt: Moment, previous: String?
    ) {
        add(
            "seal \(number) \(positions.lowerBound) \(positions.upperBound) "
                + "\(sealedAt.microseconds) \(previous ?? "-")\n")
    }

    /// Goes on with the next item, in the order of positions.
    mutating func add(_ item: SealedItem) {
        let position = text(item.position)
        switch item.content {
        case .transfer(let transfer):
            var lines =
                "transfer \(position) \(transfer.id) \(transfer.reason) \(transfer.causeID) "
                + "\(transfer.phase) \(text(transfer.pendingID)) \(text(transfer.subjectID)) "
                + "\(transfer.day) \(transfer.at.microseconds)\n"
            for entry in transfer.entries {
                lines +=
                    "entry \(entry.line) \(entry.account) \(entry.code) \(entry.sen) "
                    + "\(entry.owner)\n"
            }
            entries += Int64(transfer.entries.count)
            add(lines)
        case .act(let act):
            let record = act.record
            add(
                "act \(position) \(act.id) \(act.at.microseconds) \(text(record.approvalID)) "
                    + "\(record.act) \(sha256(of: record.detail)) \(sha256(of: record.reason)) "
                    + "\(measured(record.operatorName)) \(measured(record.subject))\n")
        }
    }

    /// The SHA-256 of the whole text, in lower-case hex.
    func digest() -> String {
        hasher.finalize().map(hexPair).joined()
    }

    private mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }

    private func text(_ number: Int64?) -> String {
        number.map { String($0) } ?? "-"
    }

    /// A text with its length, so that none can be taken for two, or for a line.
    private func measured(_ text: String) -> String {
        "\(text.utf8.count):\(text)"
    }
}

/// The SHA-256 of a text, in lower-case hex.
package func sha256(of text: String) -> String {
    SHA256.hash(data: Data(text.utf8)).map(hexPair).joined()
}

private func hexPair(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return byte < 16 ? "0" + digits : digits
}
