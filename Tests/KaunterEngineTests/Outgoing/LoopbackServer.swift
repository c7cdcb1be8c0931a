import NIOCore
import NIOPosix
import Synchronization

/// A server on this machine that answers every connection with the bytes of a script.
final class LoopbackServer: Sendable {
    /// What is answered to a request, of which the first bytes are known; nil is no answer at all.
    struct Script: Sendable {
        let answer: @Sendable (_ request: String) -> [UInt8]?

        /// What is written again and again after the answer, until the other side has enough.
        var drop: [UInt8]?

        /// Whether a drop follows as soon as the last one has gone out.
        var isPouring = false

        /// The same bytes whatever comes.
        static func always(_ bytes: [UInt8]?) -> Script { Script { _ in bytes } }

        /// A beginning, and then a drop every tenth of a second without end.
        static func dripping(_ begin: String, _ drop: String) -> Script {
            Script(answer: { _ in Array(begin.utf8) }, drop: Array(drop.utf8))
        }

        /// A beginning, and then this part as fast as it is taken, without end.
        static func endless(_ begin: String, _ part: String) -> Script {
            Script(
                answer: { _ in Array(begin.utf8) }, drop: Array(part.utf8), isPouring: true)
        }
    }

    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup
    private let heard: Heard

    /// The port it listens on.
    let port: Int

    private init(channel: any Channel, group: MultiThreadedEventLoopGroup, heard: Heard) {
        self.channel = channel
        self.group = group
        self.heard = heard
        self.port = channel.localAddress?.port ?? 0
    }

    /// The requests that came, each up to the end of what was read at once.
    var requests: [String] { heard.requests.withLock { $0 } }

    /// Connections that were made.
    var connectionCount: Int { heard.connections.withLock { $0 } }

    /// Bytes that were written before the other side closed.
    var bytesWritten: Int { heard.bytesWritten.withLock { $0 } }

    /// Waits until every connection that was made is over.
    func othersHaveLeft() async {
        for channel in heard.channels.withLock({ $0 }) { try? await channel.closeFuture.get() }
    }

    /// Runs a server while `body` runs.
    ///
    /// - Parameter host: the address to listen on; `0.0.0.0` is every one of this machine.
    static func use(
        _ script: Script, on host: String = "127.0.0.1",
        _ body: (LoopbackServer) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let heard = Heard()
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                heard.connections.withLock { $0 += 1 }
                heard.channels.withLock { $0.append(channel) }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Answerer(script: script, heard: heard))
                }
            }
            .bind(host: host, port: 0).get()
        let server = LoopbackServer(channel: channel, group: group, heard: heard)
        do {
            try await body(server)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    /// An answer with this status and body.
    static func answer(_ status: String, body: String = "", headers: String = "") -> [UInt8] {
        let head = "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n"
        return Array((head + body).utf8)
    }

    private final class Heard: Sendable {
        let requests = Mutex<[String]>([])
        let connections = Mutex(0)
        let channels = Mutex<[any Channel]>([])
        let bytesWritten = Mutex(0)
    }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private static let chunkBytes = 64 * 1024
        private let script: Script
        private let heard: Heard

        init(script: Script, heard: Heard) {
            self.script = script
            self.heard = heard
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let request = String(buffer: unwrapInboundIn(data))
            heard.requests.withLock { $0.append(request) }
            guard let answer = script.answer(request) else { return }
            if script.isPouring { return pour(answer, to: context.channel) }
            write(answer[...], to: context.channel)
            guard let drop = script.drop else { return }
            let channel = context.channel
            context.eventLoop.scheduleRepeatedTask(
                initialDelay: .milliseconds(100), delay: .milliseconds(100)
            ) { task in
                guard channel.isActive else { return task.cancel() }
                channel.writeAndFlush(ByteBuffer(bytes: drop), promise: nil)
            }
        }

        /// Writes a part, and the drop once it has gone out, while the other side is there.
        private func pour(_ part: [UInt8], to channel: any Channel) {
            let heard = heard
            channel.writeAndFlush(ByteBuffer(bytes: part)).assumeIsolated().whenSuccess {
                heard.bytesWritten.withLock { $0 += part.count }
                self.pour(self.script.drop ?? [], to: channel)
            }
        }

        /// Writes one part after the other has gone out, so that what nobody reads is not counted.
        private func write(_ rest: ArraySlice<UInt8>, to channel: any Channel) {
            let part = rest.prefix(Self.chunkBytes)
            guard !part.isEmpty else { return }
            let heard = heard
            channel.writeAndFlush(ByteBuffer(bytes: part)).assumeIsolated().whenSuccess {
                heard.bytesWritten.withLock { $0 += part.count }
                self.write(rest.dropFirst(part.count), to: channel)
            }
        }
    }
}
