import KaunterCore
import NIOCore

/// Ends a connection on which more comes than any answer is worth.
///
/// Who stops reading a body is not rid of it: a connection that speaks TLS says goodbye first, and
/// takes in what the other side still sends meanwhile, for seconds and as fast as it comes. So the
/// bytes are counted below TLS, from each request on. TLS writes of itself too when it is asked for
/// new keys, and who asks often could so have as much read as it likes: what is shorter than any
/// request starts no new count.
final class AnswerCap: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private var bytes = 0

    /// The bytes of a write from which it may be a request: its first line and our header fields
    /// alone are more, and TLS's own messages after the handshake less.
    static let requestBytesAtLeast = 100

    /// Puts a cap below everything else of a connection.
    static func add(to channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(AnswerCap(), position: .first)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytes
        context.fireChannelRead(data)
        if bytes > Limits.notificationWireBytes { context.close(promise: nil) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if unwrapOutboundIn(data).readableBytes >= Self.requestBytesAtLeast { bytes = 0 }
        context.write(data, promise: promise)
    }
}
