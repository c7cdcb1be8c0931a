import KaunterAPI
import KaunterCore
import KaunterEngine

extension SealedItem {
    /// The item as it is exported: ids, numbers and digests; what was said in words is left out.
    var exported: JSONValue {
        let position = position.map { JSONValue.integer($0) } ?? .null
        switch content {
        case .transfer(let transfer):
            return [
                "type": "transfer", "position": position, "id": .integer(transfer.id),
                "reason": .string(transfer.reason), "cause": .integer(transfer.causeID),
                "phase": .string(transfer.phase),
                "pending": transfer.pendingID.map { .integer($0) } ?? .null,
                "subject": transfer.subjectID.map { .integer($0) } ?? .null,
                "day": .integer(transfer.day), "at": .integer(transfer.at.microseconds),
                "entries": .array(transfer.entries.map { $0.exported }),
            ]
        case .act(let act):
            let record = act.record
            return [
                "type": "act", "position": position, "id": .integer(act.id),
                "at": .integer(act.at.microseconds),
                "approval": record.approvalID.map { .integer($0) } ?? .null,
                "act": .string(record.act), "operator": .string(record.operatorName),
                "subject": .string(record.subject),
                "detail_sha256": .string(sha256(of: record.detail)),
                "reason_sha256": .string(sha256(of: record.reason)),
            ]
        }
    }
}

extension BookedTransfer.Entry {
    fileprivate var exported: JSONValue {
        [
            "line": .integer(line), "account": .integer(account), "code": .string(code),
            "sen": .integer(sen), "owner": .string(owner),
        ]
    }
}
