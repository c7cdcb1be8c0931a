import HTTPTypes
import Hummingbird
import KaunterEngine
import NIOCore
import TestSupport
import Testing

@testable import KaunterWeb

@Suite("The bodies of requests")
struct RequestBodyTests {
    private func request(_ body: RequestBody) -> Request {
        Request(
            head: HTTPRequest(method: .post, scheme: "http", authority: "pay.example", path: "/"),
            body: body)
    }

    @Test("a body that is there is read, up to its limit")
    func whole() async throws {
        try await WebHouse.use { house in
            let body = RequestBody(buffer: ByteBuffer(string: "12345"))
            let bytes = try await request(body).bytes(upTo: 5, house.engine)
            #expect(bytes == Array("12345".utf8))
            await #expect(throws: NIOTooManyBytesError.self) {
                try await request(body).bytes(upTo: 4, house.engine)
            }
        }
    }

    @Test("a body that never ends is not waited for")
    func slow() async throws {
        try await WebHouse.use { house in
            // In this engine's surroundings every wait is over at once.
            let hasty = house.house.engine
            let (body, source) = RequestBody.makeStream()
            await source.yield(ByteBuffer(string: "1"))
            do {
                _ = try await request(body).bytes(upTo: 5, hasty)
                Issue.record("half a body was taken")
            } catch let failure as Failure {
                #expect(failure.status == .requestTimeout)
            }
            source.finish()
        }
    }
}
