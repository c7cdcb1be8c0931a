import Foundation
import KaunterAPI
import KaunterCore
import KaunterDatabase
import KaunterStorage
import KaunterWeb

/// Gets a copy of an embedded store into the store's folder: from the server that has it, or by
/// opening it when none runs.
struct EmbeddedCopy: Sendable {
    let configuration: Configuration
    let surroundings: Surroundings

    /// Seconds between two looks at how far the copy is.
    private static let lookSeconds = 0.1

    /// Has the copy made. The file is the caller's, who takes it away at once.
    func make() async throws -> StoreCopier.Copy {
        let folder = StoreFolder(configuration.database.folder)
        guard folder.hasDatabase else { throw OpenStore.missing }
        let line = ControlLine(configuration, surroundings: surroundings)
        for _ in 0..<ControlLine.triesAtMost {
            if let lock = try StoreLock.acquire(path: folder.lockFile) {
                defer { lock.release() }
                return try await copyHere(folder)
            }
            if let reply = try await line.askServer(.beginBackup, [:]) {
                return try await copyThere(line, try Self.answer(reply))
            }
            try await surroundings.sleep(ControlLine.waitSeconds)
        }
        throw ServerFault(
            .unavailable, "The store is held by a process that does not answer on its socket.")
    }

    private func copyHere(_ folder: StoreFolder) async throws -> StoreCopier.Copy {
        // The one that writes mends the log after a crash, and empties it at its end.
        let database = try SQLiteDatabase(path: folder.databaseFile, readers: 1)
        do {
            let copier = StoreCopier(
                databaseFile: folder.databaseFile, folder: folder.path, surroundings: surroundings)
            let id = try copier.begin()
            while true {
                switch copier.progress(of: id) {
                case .done(let copy)?:
                    await database.close()
                    return copy
                case .failed(let error)?: throw error
                case .running?, nil: try await surroundings.sleep(Self.lookSeconds)
                }
            }
        } catch {
            await database.close()
            throw error
        }
    }

    private func copyThere(
        _ line: ControlLine, _ begun: JSONObject
    ) async throws -> StoreCopier.Copy {
        while true {
            guard let reply = try await line.askServer(.lookAtBackup, begun) else {
                throw ServerFault(.unavailable, "The server ended before the copy was made.")
            }
            let answer = try Self.answer(reply)
            if let copy = answer["copy"]?.objectValue.flatMap(StoreCopier.Copy.init(json:)) {
                return copy
            }
            try await surroundings.sleep(Self.lookSeconds)
        }
    }

    private static func answer(_ reply: ControlReply) throws -> JSONObject {
        guard reply.status == 200, let body = reply.body.objectValue else {
            let words = (try? ErrorReply(json: reply.body))?.message ?? "The copy failed."
            throw ServerFault(reply.status >= 500 ? .unavailable : .refused, words)
        }
        return body
    }
}
