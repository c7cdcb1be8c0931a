package import KaunterAPI
import KaunterCore
package import KaunterStorage

/// Has an embedded store copied. Asking returns at once, and so does asking how far it is: a copy
/// takes as long as the store is large, and no time limit of a connection must depend on that.
extension ControlDesk {
    func beginBackup() throws -> JSONValue {
        ["backup": .string(try knownCopier().begin().text)]
    }

    func lookAtBackup(_ fields: inout FieldReader) throws -> JSONValue {
        guard let id = fields.uuid("backup") else { throw Refusal.invalidFields(fields.errors) }
        switch try knownCopier().progress(of: id) {
        case nil: throw Refusal.notFound("backup")
        case .running?: return ["copy": nil]
        case .failed(let error)?:
            let reason = StorageFault.description(of: error) ?? "\(type(of: error))"
            throw Refusal.conflict("The copy can't be made: \(reason).")
        case .done(let copy)?: return ["copy": .object(copy.json)]
        }
    }

    private func knownCopier() throws -> StoreCopier {
        guard let copier else {
            throw Refusal.conflict("This database is not copied by the process that serves it.")
        }
        return copier
    }
}

extension StoreCopier.Copy {
    fileprivate var json: JSONObject {
        [
            "file": .string(file), "snapshot_at": .integer(snapshotAt.microseconds),
            "contents": .object(contents.json),
        ]
    }

    /// Reads what the socket answered; nil if it is no copy.
    package init?(json: JSONObject) {
        guard let file = json["file"]?.stringValue,
            let snapshotAt = json["snapshot_at"]?.integerValue,
            let contents = json["contents"]?.objectValue.flatMap(StoreContents.init(json:))
        else { return nil }
        self.init(
            file: file, snapshotAt: Moment(microseconds: snapshotAt), contents: contents)
    }
}
