import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The clients by which merchants' servers are asked. The library's override of names is per
/// client, so there is one for each name and the address that was found good for it.
///
/// Whoever names very many servers has clients made for each. So the number is bounded, and those
/// that were used longest ago go first; one with something under way stays, and nobody is refused
/// because of another's names.
final class PinnedClients: Sendable {
    /// A name and the address that was found good for it.
    struct Pin: Hashable {
        let host: String
        let address: String
    }

    /// A client that is open.
    private struct Kept {
        let client: HTTPClient
        /// Requests under way.
        var uses = 0
        /// When it was borrowed last, counted in borrowings.
        var turn: UInt64 = 0
    }

    /// What is open, and how often something was borrowed.
    private struct State {
        var kept: [Pin: Kept] = [:]
        var turn: UInt64 = 0

        /// Lets so many idle clients go, at least one, and returns them.
        mutating func makeRoom(_ count: Int) -> [HTTPClient] {
            let idle = kept.filter { $0.value.uses == 0 }.sorted { $0.value.turn < $1.value.turn }
            return idle.prefix(max(1, count)).map { pin, old in
                kept[pin] = nil
                return old.client
            }
        }
    }

    private let state = Mutex(State())
    private let group: MultiThreadedEventLoopGroup
    private let atMost: Int

    /// Clients kept: more than deliveries are under way at once, so that some are idle always.
    static let usuallyAtMost = 2_560
    /// When there are too many, one in so many goes.
    private static let partThatGoes = 4
    /// Connections to one host and port. How much goes to one receiver is decided by the outbox;
    /// receivers may share a host, and one that hangs there would take the few connections that
    /// the library has for it.
    private static let connectionsPerHost = 1_024
    /// Seconds until a connection stands.
    private static let connectSeconds: Int64 = 5

    init(group: MultiThreadedEventLoopGroup, atMost: Int) {
        self.group = group
        self.atMost = atMost
    }

    /// The client of a pin, until it is given back.
    func borrow(_ pin: Pin) throws(OutgoingFault) -> HTTPClient {
        let (client, over) = state.withLock { state -> (HTTPClient?, [HTTPClient]) in
            state.turn += 1
            var over: [HTTPClient] = []
            if state.kept[pin] == nil {
                if state.kept.count >= atMost { over = state.makeRoom(atMost / Self.partThatGoes) }
                guard state.kept.count < atMost else { return (nil, over) }
                state.kept[pin] = Kept(
                    client: HTTPClient(
                        eventLoopGroupProvider: .shared(group),
                        configuration: Self.configuration(pin)))
            }
            state.kept[pin]?.uses += 1
            state.kept[pin]?.turn = state.turn
            return (state.kept[pin]?.client, over)
        }
        if !over.isEmpty { Task { for old in over { try? await old.shutdown() } } }
        guard let client else { throw .unreachable }
        return client
    }

    /// A request has ended.
    func giveBack(_ pin: Pin) {
        state.withLock { $0.kept[pin]?.uses -= 1 }
    }

    /// Ends all connections.
    func close() async {
        let all = state.withLock { state in
            defer { state = State() }
            return state.kept.values.map(\.client)
        }
        for client in all { try? await client.shutdown() }
    }

    private static func configuration(_ pin: Pin) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        if pin.host != pin.address { configuration.dnsOverride = [pin.host: pin.address] }
        // The library would still speak TLS 1.0, which RFC 8996 withdrew with 1.1.
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        configuration.tlsConfiguration = tls
        configuration.timeout.connect = .seconds(connectSeconds)
        configuration.connectionPool.idleTimeout = .seconds(30)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
            connectionsPerHost
        // A refused connection is an answer: the outbox tries again later, and holds no place
        // meanwhile.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        configuration.http1_1ConnectionDebugInitializer = { AnswerCap.add(to: $0) }
        return configuration
    }
}
