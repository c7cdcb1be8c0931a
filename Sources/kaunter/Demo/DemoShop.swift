import Hummingbird
import KaunterAPI
import KaunterClient
import Logging
import NIOCore
import ServiceLifecycle

/// A merchant's shop in small: it receives notifications and payers, and verifies both with the
/// SDK.
struct DemoShop: Sendable {
    /// What arrives at the shop.
    enum Arrival: Sendable {
        /// A notification whose signature is good.
        case notification(VerifiedNotification, query: String)
        /// A payer who comes back with a signature that is good.
        case payer(VerifiedRedirect)
        /// Something that does not verify: answered with 400.
        case stranger
    }

    /// What arrives, in order.
    let arrivals: AsyncStream<Arrival>
    private let arrive: AsyncStream<Arrival>.Continuation
    private let verifier: NotificationVerifier

    /// What the shop has to say is part of the story. (Not the library's own silent logger: the
    /// server reads the request's id back from its logger.)
    private static var quietLogger: Logger {
        var logger = Logger(label: "shop")
        logger.logLevel = .critical
        return logger
    }

    /// Arrivals that wait to be looked at.
    private static let arrivalsAtMost = 100

    init(verifier: NotificationVerifier) {
        self.verifier = verifier
        (arrivals, arrive) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(Self.arrivalsAtMost))
    }

    /// Opens the shop on a free port of this machine.
    ///
    /// - Parameter onOpen: called with the port once it listens.
    func run(onOpen: @escaping @Sendable (Int) async -> Void) async throws {
        let router = Router()
        router.get("/notify", use: receiveNotification)
        router.post("/thanks", use: receivePayer)
        router.post("/sorry") { _, _ in "We are sorry that you did not pay. Your order waits." }
        let shop = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in await onOpen(channel.localAddress?.port ?? 0) },
            logger: Self.quietLogger)
        try await shop.run()
    }

    @Sendable private func receiveNotification(
        _ request: Request, context: BasicRequestContext
    ) async throws -> Response {
        let query = request.uri.query ?? ""
        do throws(VerificationFault) {
            arrive.yield(.notification(try verifier.verify(query: query), query: query))
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "OK")))
        } catch {
            arrive.yield(.stranger)
            return Response(status: .badRequest)
        }
    }

    @Sendable private func receivePayer(
        _ request: Request, context: BasicRequestContext
    ) async throws -> String {
        let form = String(buffer: try await request.body.collect(upTo: 4096))
        do throws(VerificationFault) {
            arrive.yield(.payer(try verifier.verifyRedirect(form: form)))
            return "Thank you for your order."
        } catch {
            arrive.yield(.stranger)
            return "We will look after your order."
        }
    }
}
