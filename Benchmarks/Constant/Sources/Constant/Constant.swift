import Hummingbird
import NIOCore

/// Answers every create with the same text, after reading the body: no work but HTTP.
///
///     Constant PORT TEXT
@main
struct Constant {
    /// Bytes of a body; the merchant API takes as many.
    private static let bodyBytes = 64 * 1024

    static func main() async throws {
        guard CommandLine.arguments.count == 3, let port = Int(CommandLine.arguments[1]) else {
            throw Misused()
        }
        let answer = ByteBuffer(string: CommandLine.arguments[2])
        let router = Router()
        router.post("/v1/payment") { request, _ in
            _ = try await request.body.collect(upTo: bodyBytes)
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: answer))
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)))
        try await application.runService()
    }
}

/// The command line is not PORT and TEXT.
struct Misused: Error {}
