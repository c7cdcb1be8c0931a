import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// Turns names into addresses. The system's resolver blocks, so it runs on threads of its own,
/// which are started for the first name that is looked up.
final class Resolver: Sendable {
    /// How far the threads are.
    private enum Phase {
        case new, open, closed
    }

    private let threads = NIOThreadPool(numberOfThreads: Resolver.threadCount)
    private let phase = Mutex(Phase.new)
    private let loops: any EventLoopGroup
    private let system: @Sendable (String) -> [NetworkAddress]

    /// Names looked up at once; the threads only wait. A look-up that was given up keeps its thread
    /// until the system gives up too, so one account whose servers of names hang, with 64
    /// deliveries under way, holds twice as many. Others must find some left.
    static let threadCount = 256
    /// Addresses of one name that are looked at; a name with more is not asked at all.
    private static let addressesAtMost = 32

    /// - Parameter system: what looks a name up, and may block.
    init(
        loops: any EventLoopGroup,
        system: @escaping @Sendable (String) -> [NetworkAddress] = { Resolver.lookUp($0) }
    ) {
        self.loops = loops
        self.system = system
    }

    /// All addresses of a name, or of a numeric address in whatever form the system reads. What has
    /// not come by the deadline has not come.
    func addresses(
        of host: String, until deadline: NIODeadline
    ) async throws(OutgoingFault) -> [NetworkAddress] {
        if let plain = NetworkAddress(host) { return [plain] }
        guard let found = await race(host, until: deadline), !found.isEmpty,
            found.count <= Self.addressesAtMost
        else { throw .unresolved }
        return found
    }

    /// The system's look-up can't be stopped; its answer is just not waited for any longer. Whoever
    /// comes second finds the promise kept.
    private func race(_ host: String, until deadline: NIODeadline) async -> [NetworkAddress]? {
        let loop = loops.next()
        let first = loop.makePromise(of: [NetworkAddress]?.self)
        let alarm = loop.scheduleTask(deadline: deadline) { first.succeed(nil) }
        open()
        let system = system
        threads.submit { state in
            let found = state == .active ? system(host) : []
            loop.execute {
                alarm.cancel()
                first.succeed(found)
            }
        }
        return try? await first.futureResult.get()
    }

    private func open() {
        phase.withLock { phase in
            guard phase == .new else { return }
            threads.start()
            phase = .open
        }
    }

    /// Lets the threads go, for good. A look-up that hangs is not waited for.
    func close() {
        phase.withLock { $0 = .closed }
        threads.shutdownGracefully { _ in }
    }

    private static func lookUp(_ host: String) -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [NetworkAddress] = []
        var entry = list
        while let info = entry?.pointee {
            if let address = address(of: info), !addresses.contains(address) {
                addresses.append(address)
            }
            entry = info.ai_next
        }
        return addresses
    }

    private static func address(of info: addrinfo) -> NetworkAddress? {
        guard let socket = info.ai_addr else { return nil }
        switch info.ai_family {
        case AF_INET:
            return socket.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin_addr) {
                    NetworkAddress(bytes: Array($0))
                }
            }
        case AF_INET6:
            return socket.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin6_addr) {
                    NetworkAddress(bytes: Array($0))
                }
            }
        default:
            return nil
        }
    }
}
