import AsyncHTTPClient
import Foundation
package import KaunterAPI
package import KaunterCore
import KaunterEngine
import KaunterRails
import KaunterStorage
package import KaunterWeb
import Logging
import NIOCore
import NIOHTTP1

/// How a command reaches a store: through the running server's control socket where one has the
/// embedded database, else by doing the act in this process.
package struct ControlLine: Sendable {
    private let configuration: Configuration
    private let surroundings: Surroundings

    /// Seconds between two tries, and tries, while another command has the database and no server
    /// answers.
    static let waitSeconds = 0.1
    static let triesAtMost = 50
    /// Seconds that a server may take for an act, and for one that reads the whole store.
    private static let answerSeconds: Int64 = 60
    private static let longAnswerSeconds: Int64 = 3_600
    /// Bytes of a server's answer.
    private static let answerBytes = 16 * 1024 * 1024
    /// Values in it.
    private static let answerValues = 1_000_000

    package init(_ configuration: Configuration, surroundings: Surroundings = .real) {
        self.configuration = configuration
        self.surroundings = surroundings
    }

    /// Performs an act and returns its answer.
    package func perform(
        _ act: ControlAct, _ parameters: JSONObject
    ) async throws -> ControlReply {
        var parameters = parameters
        if let token = configuration.operatorToken {
            parameters.set(ControlDesk.credentialField, to: .string(token.revealed))
        }
        if act.isRepeated, configuration.database.url == nil {
            if let reply = try await askServer(act, parameters) { return reply }
            throw ServerFault(.unavailable, "No server runs that has this store.")
        }
        for _ in 0..<Self.triesAtMost {
            let store = try await OpenStore.open(
                configuration, for: .acting, surroundings: surroundings)
            if let store { return await performHere(act, parameters, store) }
            if let reply = try await askServer(act, parameters) { return reply }
            try await surroundings.sleep(Self.waitSeconds)
        }
        throw ServerFault(
            .unavailable, "The store is held by a process that does not answer on its socket.")
    }

    private func performHere(
        _ act: ControlAct, _ parameters: JSONObject, _ store: OpenStore
    ) async -> ControlReply {
        let engine = Engine(store, configuration, logger: Logger(label: "kaunter"))
        let reply = await ControlDesk(engine: engine).perform(act, parameters)
        await store.close()
        return reply
    }

    /// No socket, or one that nobody listens on: then the act was certainly not done.
    private static func isNobodyThere(_ code: CInt) -> Bool {
        code == ENOENT || code == ECONNREFUSED
    }

    /// Nil if no server listens: the database is with another command, which will end.
    func askServer(
        _ act: ControlAct, _ parameters: JSONObject
    ) async throws -> ControlReply? {
        let folder = StoreFolder(configuration.database.folder)
        try folder.checkSocketPath()
        let url = URL(
            httpURLWithSocketPath: folder.controlSocket,
            uri: "\(ControlSite.path)/\(act.rawValue)")
        guard let url else { return nil }
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: JSONValue.object(parameters).text))
        do {
            return try await Self.send(
                request, within: act.isLong ? Self.longAnswerSeconds : Self.answerSeconds)
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            throw ServerFault(.unavailable, "The server did not answer in time.")
        } catch let error as IOError where Self.isNobodyThere(error.errnoCode) {
            return nil
        } catch {
            throw ServerFault(
                .unavailable,
                "The connection to the server broke: whether the act was done is not known.")
        }
    }

    /// Sends one request, and reads its whole answer.
    private static func send(
        _ request: HTTPClientRequest, within seconds: Int64
    ) async throws -> ControlReply {
        var settings = HTTPClient.Configuration()
        // A missing socket is an answer: it is not waited for here.
        settings.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(configuration: settings)
        do {
            let reply = try await read(
                client.execute(request, timeout: .seconds(seconds)))
            try await client.shutdown()
            return reply
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    private static func read(_ response: HTTPClientResponse) async throws -> ControlReply {
        let buffer = try await response.body.collect(upTo: answerBytes)
        var limits = JSONLimits.standard
        limits.textBytes = answerBytes
        limits.values = answerValues
        let body = try JSONValue(parsing: Array(buffer.readableBytesView), limits: limits)
        return ControlReply(
            status: Int(response.status.code),
            errorCode: response.headers.first(name: Header.errorCode), body: body)
    }
}
