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
    private let resolver: Resolver
    private let lookUp: LookUp?
    private let ask: Ask?
    private let allowsInside: Bool
    private let group: MultiThreadedEventLoopGroup
    private let clients: PinnedClients

    /// What turns a name into its addresses.
    typealias LookUp = @Sendable (String) async throws(OutgoingFault) -> [NetworkAddress]

    /// What asks the server of a URL at the address that was found good, and gives the answer's
    /// code.
    typealias Ask = @Sendable (_ url: String, _ address: NetworkAddress) async -> Int

    /// Addresses of one name that are tried.
    private static let addressesTried = 3

    /// - Parameter allowsInside: whether this machine and private networks may be asked, and plain
    ///   `http` will do: in the sandbox only.
    package convenience init(allowsInside: Bool) {
        self.init(allowsInside: allowsInside, lookUp: nil)
    }

    /// - Parameters:
    ///   - lookUp: stands in for the system's resolver.
    ///   - ask: stands in for the network.
    ///   - clientsAtMost: clients that are kept.
    init(
        allowsInside: Bool, lookUp: LookUp?, ask: Ask? = nil,
        clientsAtMost: Int = PinnedClients.usuallyAtMost
    ) {
        self.allowsInside = allowsInside
        self.lookUp = lookUp
        self.ask = ask
        self.group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.resolver = Resolver(loops: group)
        self.clients = PinnedClients(group: group, atMost: clientsAtMost)
    }

    package func send(
        _ request: OutgoingRequest, within seconds: Double
    ) async throws(OutgoingFault) -> OutgoingAnswer {
        guard let target = PinnedTarget(request.url), target.isSecure || allowsInside else {
            throw .badAddress
        }
        let deadline = NIODeadline.now() + .nanoseconds(Int64(max(0, seconds) * 1_000_000_000))
        let addresses = try await checkedAddresses(of: target.host, until: deadline)
        var fault = OutgoingFault.unresolved
        for address in addresses {
            if let ask { return OutgoingAnswer(code: await ask(target.url, address)) }
            let pin = PinnedClients.Pin(host: target.host, address: address.text)
            let client = try clients.borrow(pin)
            defer { clients.giveBack(pin) }
            do {
                let answer = try await client.execute(
                    Self.message(request, to: target.url), deadline: deadline)
                let body = await Self.readOut(answer.body, until: deadline)
                return OutgoingAnswer(
                    code: Int(answer.status.code),
                    headers: answer.headers.map { .init(name: $0.name, value: $0.value) },
                    body: body)
            } catch {
                fault = Self.fault(of: error)
                // A name may have an address on which nobody listens beside one where somebody
                // does. Once a connection stood, the receiver may have the notification: no second
                // try.
                guard Self.isUnconnected(error), deadline > .now() else { throw fault }
            }
        }
        throw fault
    }

    /// What was read so far.
    private final class ReadBytes: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }

    private static func fault(of error: any Error) -> OutgoingFault {
        guard let error = error as? HTTPClientError else { return .unreachable }
        let timeouts: [HTTPClientError] = [.deadlineExceeded, .connectTimeout, .readTimeout]
        return timeouts.contains(error) ? .timeout : .unreachable
    }

    /// Whether there was no connection at all.
    private static func isUnconnected(_ error: any Error) -> Bool {
        switch error {
        case let error as HTTPClientError: error == .connectTimeout
        case is NIOConnectionError: true
        case let error as IOError:
            [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL].contains(error.errnoCode)
        default: false
        }
    }

    /// Reads what follows the head of an answer, within the limits: a receiver
    /// whose connection breaks while it still writes may give up what it was doing, though it has
    /// accepted. The code is known already, so nothing that goes wrong here matters.
    private static func readOut(
        _ body: HTTPClientResponse.Body, until deadline: NIODeadline
    ) async -> [UInt8] {
        let left = deadline - .now()
        let read = ReadBytes()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                var bytesLeft = Limits.notificationAnswerBytes
                var parts = body.makeAsyncIterator()
                while bytesLeft > 0, let part = try? await parts.next() {
                    let view = part.readableBytesView.prefix(bytesLeft)
                    read.bytes.withLock { $0 += view }
                    bytesLeft -= part.readableBytes
                }
            }
            group.addTask { try? await Task.sleep(for: .nanoseconds(max(0, left.nanoseconds))) }
            await group.next()
            group.cancelAll()
        }
        return read.bytes.withLock { $0 }
    }

    /// Ends all connections.
    package func close() async {
        await clients.close()
        resolver.close()
        try? await group.shutdownGracefully()
    }

    /// The addresses of a name, if all of them may be asked; the first few, in the resolver's
    /// order.
    private func checkedAddresses(
        of host: String, until deadline: NIODeadline
    ) async throws(OutgoingFault) -> [NetworkAddress] {
        let addresses: [NetworkAddress]
        if let lookUp {
            addresses = try await lookUp(host)
        } else {
            addresses = try await resolver.addresses(of: host, until: deadline)
        }
        let areGood = addresses.allSatisfy {
            $0.reach == .everywhere || ($0.reach == .inside && allowsInside)
        }
        guard !addresses.isEmpty, areGood else { throw .forbiddenAddress }
        return Array(addresses.prefix(Self.addressesTried))
    }

    private static func message(
        _ request: OutgoingRequest, to url: String
    ) -> HTTPClientRequest {
        var message = HTTPClientRequest(url: url)
        message.method = request.method == "GET" ? .GET : .POST
        for field in request.fields { message.headers.add(name: field.name, value: field.value) }
        if let text = request.text { message.body = .bytes(ByteBuffer(string: text)) }
        return message
    }
}
