import KaunterCore
import NIOCore

/// Ends a connection on which more comes than any answer is worth.
///
/// Who stops reading a body is not rid of it: a connection that speaks TLS says goodbye first, and
/// takes in what the other side still sends meanwhile, for seconds and as fast as it comes. So the
/// bytes are counted below TLS, from each request on.
final class AnswerCap: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private var bytes = 0

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
        bytes = 0
        context.write(data, promise: promise)
    }
}
