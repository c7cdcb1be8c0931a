import HTTPTypes
import Hummingbird
import NIOCore
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
        let body = RequestBody(buffer: ByteBuffer(string: "12345"))
        let bytes = try await request(body).bytes(upTo: 5)
        #expect(bytes == Array("12345".utf8))
        await #expect(throws: NIOTooManyBytesError.self) {
            try await request(body).bytes(upTo: 4)
        }
    }

    @Test("a body that the connection gave up waiting for is the client's fault")
    func slow() async throws {
        let (body, source) = RequestBody.makeStream()
        await source.yield(ByteBuffer(string: "1"))
        source.finish(BodyTooSlow())
        do {
            _ = try await request(body).bytes(upTo: 5)
            Issue.record("half a body was taken")
        } catch let failure as Failure {
            #expect(failure.status == .requestTimeout)
        }
    }
}
