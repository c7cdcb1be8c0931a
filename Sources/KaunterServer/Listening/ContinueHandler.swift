import HTTPTypes
import KaunterCore
import NIOCore
import NIOHTTPTypes

/// Answers `Expect: 100-continue` with the go-ahead (RFC 9110, section 10.1.1). Older HTTP
/// libraries of PHP wait a second for it before they send a body of more than a kilobyte.
final class ContinueHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundOut = HTTPResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data),
            head.headerFields[.expect]?.lowercased() == "100-continue",
            // What is longer than any body that we take is refused without its body.
            head.headerFields[.contentLength].flatMap({ Int($0) }) ?? 0 <= Limits.bodyBytes
        {
            let goAhead = HTTPResponsePart.head(HTTPResponse(status: .continue))
            context.writeAndFlush(wrapOutboundOut(goAhead), promise: nil)
        }
        context.fireChannelRead(data)
    }
}
