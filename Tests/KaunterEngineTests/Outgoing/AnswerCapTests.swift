import KaunterCore
import NIOCore
import NIOEmbedded
import Testing

@testable import KaunterEngine

@Suite("The most that may come on a connection after a request")
struct AnswerCapTests {
    /// A connection with the cap in it that is open.
    private static func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: AnswerCap())
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/receiver")).wait()
        return channel
    }

    /// So many bytes come in. Returns whether the connection is still open, and how many bytes
    /// went on to what reads the answer.
    private static func come(_ count: Int, to channel: EmbeddedChannel) throws -> (Bool, Int) {
        let bytes = ByteBuffer(repeating: 0x78, count: count)
        // What comes on a connection that was ended is for nobody.
        if channel.isActive { try channel.writeInbound(bytes) }
        var handedOn = 0
        while let part = try channel.readInbound(as: ByteBuffer.self) {
            handedOn += part.readableBytes
        }
        return (channel.isActive, handedOn)
    }

    @Test("up to the limit all is handed on, and one byte more ends the connection")
    func limit() throws {
        let channel = try Self.channel()
        let limit = Limits.notificationWireBytes
        #expect(try Self.come(limit - 1, to: channel) == (true, limit - 1))
        #expect(try Self.come(1, to: channel) == (true, 1))
        #expect(try Self.come(1, to: channel) == (false, 1))
        #expect(try Self.come(1, to: channel) == (false, 0))
    }

    @Test("all that comes at once counts", arguments: [1, 64 * 1024, 64 * 1024 * 1024])
    func atOnce(_ more: Int) throws {
        let channel = try Self.channel()
        #expect(try Self.come(Limits.notificationWireBytes + more, to: channel).0 == false)
    }

    @Test("drops count together, however small they are")
    func drops() throws {
        let channel = try Self.channel()
        let drop = 1_000
        var drops = 0
        while channel.isActive, drops < Limits.notificationWireBytes {
            _ = try Self.come(drop, to: channel)
            drops += 1
        }
        #expect(drops == Limits.notificationWireBytes / drop + 1)
    }

    @Test("each request has a limit of its own")
    func again() throws {
        let channel = try Self.channel()
        for _ in 0..<3 {
            try channel.writeOutbound(
                ByteBuffer(repeating: 0x78, count: AnswerCap.requestBytesAtLeast))
            let (isOpen, _) = try Self.come(Limits.notificationWireBytes, to: channel)
            #expect(isOpen)
        }
        #expect(try Self.come(1, to: channel).0 == false)
    }

    @Test("what TLS writes of itself, such as a change of keys, starts no new count")
    func keyUpdate() throws {
        let channel = try Self.channel()
        try channel.writeOutbound(ByteBuffer(repeating: 0x78, count: 400))
        for _ in 0..<2 {
            #expect(try Self.come(Limits.notificationWireBytes / 2, to: channel).0)
            try channel.writeOutbound(ByteBuffer(repeating: 0x78, count: 27))
        }
        #expect(try Self.come(1, to: channel).0 == false)
    }

    @Test("what is asked goes out as it is")
    func request() throws {
        let channel = try Self.channel()
        let request = ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n")
        try channel.writeOutbound(request)
        #expect(try channel.readOutbound(as: ByteBuffer.self) == request)
    }
}
