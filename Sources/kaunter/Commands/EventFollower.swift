import ArgumentParser
import Dispatch
import Foundation
import KaunterAPI
import KaunterCore
import KaunterServer
import KaunterWeb
import Synchronization

/// Where following begins, and when it ends.
struct FollowingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Begin after this event, instead of now.", valueName: "event"))
    var since: String?

    @Option(help: ArgumentHelp("End after so many events.", valueName: "count"))
    var count: Int?
}

/// Asks a store again and again what has happened: each event once, and none passed over.
struct EventFollower {
    let store: StoreOptions
    let parameters: JSONObject
    let following: FollowingOptions

    /// Seconds between two looks while nothing happens, and before a server that is away is asked
    /// again.
    private static let pauseSeconds = 0.25
    private static let awaySeconds = 1.0
    /// Events asked for at once.
    private static let eventsAtOnce: Int64 = 200

    /// Hands on each event, until `count` were handed on. Interrupted, the process says where to go
    /// on, and ends. A server that is away is waited for.
    func follow(_ take: (JSONObject) async throws -> Void) async throws {
        let farewell = Farewell()
        var left = following.count ?? .max
        var place: String?
        // What was handed on last: should an answer be lost, it is asked for again from there.
        var parameters = parameters
        parameters.set("limit", to: .integer(Self.eventsAtOnce))
        if let since = following.since { parameters.set("since", to: .string(since)) }
        while left > 0 {
            guard let answer = try await look(parameters, isFirst: place == nil) else {
                try await Surroundings.real.sleep(Self.awaySeconds)
                continue
            }
            let events = answer["events"]?.arrayValue?.compactMap(\.objectValue) ?? []
            for event in events.prefix(left) {
                try await take(event)
                farewell.note(event["event"]?.stringValue)
            }
            left -= min(left, events.count)
            place = answer["after"]?.stringValue
            parameters.set("since", to: .null)
            parameters.set("after", to: .optional(place))
            if events.isEmpty, left > 0 { try await Surroundings.real.sleep(Self.pauseSeconds) }
        }
    }

    /// An answer; nil if there is none now, though there was one before.
    private func look(_ parameters: JSONObject, isFirst: Bool) async throws -> JSONObject? {
        do {
            return try await store.perform(.followEvents, parameters)
        } catch let fault as ServerFault where !isFirst && fault.kind == .unavailable {
            return nil
        }
    }
}

/// Says, when the process is interrupted, where to go on.
private struct Farewell {
    /// The last event that was handed on.
    private final class Last: Sendable {
        let event = Mutex<String?>(nil)
    }

    private let last = Last()
    private let sources: [any DispatchSourceSignal]

    /// What a shell expects of a process that was interrupted.
    private static let interruptedCode: Int32 = 130

    init() {
        let last = last
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if let event = last.event.withLock({ $0 }) {
                    Terminal.error("Go on with --since \(event)")
                }
                exit(Self.interruptedCode)
            }
            source.resume()
            return source
        }
    }

    /// An event was handed on.
    func note(_ event: String?) {
        if let event { last.event.withLock { $0 = event } }
    }
}
