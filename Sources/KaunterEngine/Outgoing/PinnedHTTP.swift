import AsyncHTTPClient
import Foundation
import KaunterCore
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Speaks to merchants' servers, and to nobody else: for each try the name is resolved, every
/// address is checked, and the connection goes to the address that was checked, so that a name
/// can't change between the look and the call. Redirects are not followed.
package final class PinnedHTTP: OutgoingHTTP {
    private let resolver = Resolver()
    private let allowsInside: Bool
    private let group: MultiThreadedEventLoopGroup
    private let clients = Mutex<[Pin: HTTPClient]>([:])

    /// A name and the address that was found good for it. The library's override of names is per
    /// client, so there is a client for each pin.
    private struct Pin: Hashable {
        let host: String
        let address: String
    }

    /// Clients kept; beyond that the oldest connections are given up together.
    private static let clientsAtMost = 256

    /// - Parameter allowsInside: whether this machine and private networks may be asked, and plain
    ///   `http` will do: in the sandbox only.
    package init(allowsInside: Bool) {
        self.allowsInside = allowsInside
        self.group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    }

    package func send(_ request: OutgoingRequest) async throws(OutgoingFault) -> Int {
        guard let url = URLComponents(string: request.url), let host = url.host, !host.isEmpty,
            url.scheme == "https" || (url.scheme == "http" && allowsInside)
        else { throw .badAddress }
        let bare = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        let address = try await checkedAddress(of: bare)
        let client = client(for: Pin(host: bare, address: address.text))
        do {
            let answer = try await client.execute(
                Self.message(request), timeout: .seconds(Limits.notificationTimeoutSeconds))
            return Int(answer.status.code)
        } catch let error as HTTPClientError {
            let isTimeout = [.deadlineExceeded, .connectTimeout, .readTimeout].contains(error)
            throw isTimeout ? .timeout : .unreachable
        } catch {
            throw .unreachable
        }
    }

    /// Ends all connections.
    package func close() async {
        let all = clients.withLock { clients in
            defer { clients.removeAll() }
            return Array(clients.values)
        }
        for client in all { try? await client.shutdown() }
        await resolver.close()
        try? await group.shutdownGracefully()
    }

    /// The first address of a name, if all of them may be asked.
    private func checkedAddress(of host: String) async throws(OutgoingFault) -> NetworkAddress {
        let addresses = try await resolver.addresses(of: host)
        let areGood = addresses.allSatisfy {
            $0.reach == .everywhere || ($0.reach == .inside && allowsInside)
        }
        guard let first = addresses.first, areGood else { throw .forbiddenAddress }
        return first
    }

    private func client(for pin: Pin) -> HTTPClient {
        let (client, old) = clients.withLock { clients -> (HTTPClient, [HTTPClient]) in
            if let known = clients[pin] { return (known, []) }
            var old: [HTTPClient] = []
            if clients.count >= Self.clientsAtMost {
                old = Array(clients.values)
                clients.removeAll()
            }
            let client = HTTPClient(
                eventLoopGroupProvider: .shared(group), configuration: Self.configuration(pin))
            clients[pin] = client
            return (client, old)
        }
        if !old.isEmpty {
            // What is under way on them finishes first: a shutdown waits for nothing else.
            Task {
                try? await Task.sleep(for: .seconds(2 * Limits.notificationTimeoutSeconds))
                for client in old { try? await client.shutdown() }
            }
        }
        return client
    }

    private static func configuration(_ pin: Pin) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        if pin.host != pin.address { configuration.dnsOverride = [pin.host: pin.address] }
        configuration.timeout.connect = .seconds(Limits.notificationTimeoutSeconds)
        configuration.connectionPool.idleTimeout = .seconds(30)
        configuration.httpVersion = .http1Only
        return configuration
    }

    private static func message(_ request: OutgoingRequest) -> HTTPClientRequest {
        var message = HTTPClientRequest(url: request.url)
        message.headers.add(name: "User-Agent", value: "Kaunter")
        message.headers.add(name: "Accept", value: "*/*")
        message.headers.add(name: "Cache-Control", value: "no-store")
        switch request.body {
        case .none:
            message.method = .GET
        case .form(let text):
            message.method = .POST
            message.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            message.body = .bytes(ByteBuffer(string: text))
        case .json(let text):
            message.method = .POST
            message.headers.add(name: "Content-Type", value: "application/json")
            message.body = .bytes(ByteBuffer(string: text))
        }
        return message
    }
}
