import KaunterWeb
import NIOCore
import NIOExtras
import NIOHTTP1

/// Watches over one connection: how long it may take, and when it ends.
///
/// It stands below everything that knows of routes, where HTTP's version is still known. Bytes that
/// nobody waits for cost nothing: a head has its time, a body has its time, and an answer that
/// comes before its request's end closes the connection instead of drinking what follows.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a client may take.
    enum Patience {
        /// From the connection's beginning to the end of its first head.
        static let firstHead = TimeAmount.seconds(10)
        /// From an answer to the end of the next head.
        static let nextHead = TimeAmount.seconds(60)
        /// From a head to the end of its body.
        static let body = TimeAmount.seconds(20)
        /// From a request's end to the end of its answer, and until a client has taken it.
        static let answer = TimeAmount.seconds(60)
        /// For a client that still sends when it has its answer, so that it can read it before the
        /// connection is reset.
        static let farewell = TimeAmount.seconds(1)
        /// Bytes that are read and thrown away in that time.
        static let farewellBytes = 256 * 1024
    }

    private let connections: Connections
    private var number: Int?
    private var isTurnedAway = false

    /// Whether each request that has no answer yet wants the connection kept.
    private var keepsAlive: [Bool] = []
    /// Requests, from the first to the last, whose end has not come: one at most.
    private var isRequestOpen = false
    /// Whether this answer is the last.
    private var isClosing = false
    /// Whether the server stops: what was taken in is answered, nothing more is.
    private var isQuiescing = false
    /// Whether what still comes is not looked at: it follows the last request that is answered.
    private var isDeaf = false
    /// Bytes still read of a client that has had its last answer; nil before that.
    private var farewellBytesLeft: Int?
    private var deadline = NIODeadline.distantFuture
    private var timer: Scheduled<Void>?

    init(_ connections: Connections) {
        self.connections = connections
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        switch connections.enter({ channel.close(promise: nil) }) {
        case .seated(let number):
            self.number = number
        case .turnedAway(let number):
            self.number = number
            isTurnedAway = true
        case .refused:
            context.close(promise: nil)
        }
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            isQuiescing = true
            if keepsAlive.isEmpty, farewellBytesLeft == nil { context.close(promise: nil) }
        case ChannelEvent.inputClosed where farewellBytesLeft != nil:
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    private func begin(_ context: ChannelHandlerContext) {
        if isTurnedAway {
            turnAway(context)
        } else if number != nil, timer == nil {
            wait(Patience.firstHead, context)
        }
    }

    private func end() {
        timer?.cancel()
        timer = nil
        if let number { connections.leave(number) }
        number = nil
    }
}

// What comes in.
extension ConnectionHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard farewellBytesLeft == nil, !isTurnedAway, !isDeaf else { return drop(part, context) }
        switch part {
        case .head(let head):
            guard isTakingRequests, let number, connections.work(number) else {
                isDeaf = true
                return
            }
            keepsAlive.append(head.isKeepAlive)
            isRequestOpen = true
            if keepsAlive.count == 1 { wait(Patience.body, context) }
        case .body:
            break
        case .end:
            isRequestOpen = false
            if keepsAlive.count == 1 { wait(Patience.answer, context) }
        }
        context.fireChannelRead(data)
    }

    /// Whether one more request may begin: not behind one whose answer is the last, and not for a
    /// connection that has just lost its place.
    private var isTakingRequests: Bool {
        guard !isClosing else { return false }
        return keepsAlive.last ?? true && (keepsAlive.isEmpty || !isLeaving)
    }

    /// Whether the node is about to stop.
    private var isLeaving: Bool { isQuiescing || connections.isDraining }

    /// Throws away what is sent to us in vain, up to its bounds.
    private func drop(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        guard case .body(let bytes) = part, let left = farewellBytesLeft else { return }
        farewellBytesLeft = left - bytes.readableBytes
        if left < bytes.readableBytes { context.close(promise: nil) }
    }
}

// What goes out.
extension ConnectionHandler {
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.code >= 200:
            // Without a request it is the answer to what was none.
            let keepsAlive = keepsAlive.first ?? false
            let isLast = self.keepsAlive.count <= 1
            if !keepsAlive || isLast && (isRequestOpen || isLeaving) { isClosing = true }
            if isClosing { head.headers.replaceOrAdd(name: "connection", value: "close") }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            finishAnswer(context, data, promise)
        case .head, .body:
            context.write(data, promise: promise)
        }
    }

    private func finishAnswer(
        _ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?
    ) {
        // After the last answer there is none.
        guard farewellBytesLeft == nil else { return context.write(data, promise: promise) }
        // What was no request is answered too, and may go on.
        let isAnswerToNone = keepsAlive.isEmpty
        if !isAnswerToNone { keepsAlive.removeFirst() }
        guard isClosing else {
            context.write(data, promise: promise)
            if keepsAlive.isEmpty {
                if let number { connections.rest(number) }
                wait(Patience.nextHead, context)
            } else {
                wait(isRequestOpen ? Patience.body : Patience.answer, context)
            }
            return
        }
        // What was not written yet when a connection is closed is lost.
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        let isMoreComing = isRequestOpen || isDeaf || isAnswerToNone
        written.futureResult.assumeIsolated().whenComplete { _ in
            if isMoreComing {
                self.sayFarewell(context)
            } else {
                context.close(promise: nil)
            }
        }
        context.writeAndFlush(data, promise: written)
    }

    /// Ends our side, and gives the client a moment to end its own: closing at once would reset the
    /// connection under an answer that is still on its way.
    private func sayFarewell(_ context: ChannelHandlerContext) {
        guard farewellBytesLeft == nil else { return }
        farewellBytesLeft = Patience.farewellBytes
        wait(Patience.farewell, context)
        context.close(mode: .output, promise: nil)
    }

    private func turnAway(_ context: ChannelHandlerContext) {
        let answer = Overload.noConnection
        var head = HTTPResponseHead(version: .http1_1, status: .serviceUnavailable)
        for (name, value) in answer.headers { head.headers.add(name: name, value: value) }
        head.headers.add(name: "connection", value: "close")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(
            wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in self.sayFarewell(context) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
}

// What takes too long.
extension ConnectionHandler {
    /// Sets the deadline. The timer of a connection is set anew only when it goes off: most
    /// deadlines are moved before.
    private func wait(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        deadline = .now() + time
        // Only the farewell is shorter than what a timer may be waiting for already.
        if time <= Patience.farewell {
            timer?.cancel()
            timer = nil
        }
        if timer == nil { setTimer(context) }
    }

    private func setTimer(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.timer = nil
            if NIODeadline.now() < self.deadline {
                self.setTimer(context)
            } else {
                self.giveUp(context)
            }
        }
    }

    private func giveUp(_ context: ChannelHandlerContext) {
        let isBodyLate = isRequestOpen && keepsAlive.count == 1 && !isClosing
        guard isBodyLate, farewellBytesLeft == nil else { return context.close(promise: nil) }
        // Whoever reads the body learns of it, and answers; if nobody does, the next deadline ends
        // it.
        isClosing = true
        wait(Patience.answer, context)
        context.fireErrorCaught(BodyTooSlow())
    }
}
