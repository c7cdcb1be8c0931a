import ArgumentParser
import AsyncHTTPClient
import KaunterAPI
import KaunterServer
import KaunterWeb
import NIOCore
import NIOHTTP1

/// `kaunter listen`
struct ListenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Show events as they happen, and forward notifications to a program of yours.",
        discussion: """
            For sandboxes; a live store refuses, and `kaunter events tail` shows its events.

            Starts from now, or after --since. Each notification is forwarded once, signed with \
            the account's key, exactly as an endpoint with this address would get it; what your \
            program answers is shown. Endpoints get theirs all the same. Interrupted, it says \
            where to go on.

            Example:
              kaunter listen --forward-to http://127.0.0.1:3000/notify
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("Of this account alone.", valueName: "uuid"))
    var account: String?

    @Option(help: ArgumentHelp("Where notifications go.", valueName: "url"))
    var forwardTo: String

    @Option(
        help: ArgumentHelp(
            "How they are sent (get).", valueName: "get|post_form|post_json"))
    var method: String?

    @OptionGroup var following: FollowingOptions

    func run() async throws {
        var parameters: JSONObject = ["forward_to": .string(forwardTo)]
        if let account { parameters.set("account", to: .string(account)) }
        if let method { parameters.set("method", to: .string(method)) }
        let follower = EventFollower(store: store, parameters: parameters, following: following)
        let forwarder = Forwarder()
        do {
            if !store.json { Terminal.error("Forwarding to \(forwardTo). Stop with Ctrl-C.") }
            try await follower.follow { event in
                var event = event
                let answer = await forwarder.forward(event["request"]?.objectValue)
                event.set("request", to: .null)
                show(event, answer)
            }
            await forwarder.close()
        } catch {
            await forwarder.close()
            throw error
        }
    }

    /// The event, and what became of it at the program.
    private func show(_ event: JSONObject, _ answer: String?) {
        if store.json {
            var told = event
            told.set("request", to: .null)
            told.set("answer", to: .optional(answer))
            Terminal.output(JSONValue.object(told).text)
        } else {
            Terminal.output("\(EventLine.text(event))  → \(answer ?? "not notified")")
        }
    }
}

/// Sends what a receiver would have got.
private struct Forwarder {
    /// As long as an endpoint has (contract §4).
    private static let answerSeconds: Int64 = 15
    private static let answerBytes = 4 * 1024

    private let client: HTTPClient = {
        var settings = HTTPClient.Configuration(redirectConfiguration: .disallow)
        settings.connectionPool.retryConnectionEstablishment = false
        settings.httpVersion = .http1Only
        return HTTPClient(configuration: settings)
    }()

    /// The code of the answer, or a word for what hindered it; nil if there is nothing to send.
    func forward(_ request: JSONObject?) async -> String? {
        guard let request, let url = request["url"]?.stringValue else { return nil }
        var message = HTTPClientRequest(url: url)
        message.method = HTTPMethod(rawValue: request["method"]?.stringValue ?? "GET")
        for field in request["headers"]?.arrayValue ?? [] {
            let parts = field.arrayValue?.compactMap(\.stringValue) ?? []
            if parts.count == 2 { message.headers.add(name: parts[0], value: parts[1]) }
        }
        if let body = request["body"]?.stringValue {
            message.body = .bytes(ByteBuffer(string: body))
        }
        do {
            let answer = try await client.execute(
                message, timeout: .seconds(Self.answerSeconds))
            _ = try? await answer.body.collect(upTo: Self.answerBytes)
            return String(answer.status.code)
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            return "timeout"
        } catch {
            return "unreachable"
        }
    }

    func close() async {
        try? await client.shutdown()
    }
}
