import KaunterCore
import KaunterRails
import Testing

@Suite("The rails of an installation")
struct RailRegistryTests {
    /// A rail that serves what it is told and carries nothing.
    private struct SilentRail: Rail {
        let name: String
        let services: [Service: ClosedRange<Money>]
        let deadlineSeconds: Int64 = 60

        func begin(_ attempt: Attempt) async throws(RailFault) -> RailAnswer { .pending }
        func enquire(_ attempt: Attempt) async throws(RailFault) -> RailAnswer { .pending }
        func read(
            _ message: RailMessage
        ) throws(RailFault) -> (reference: String, answer: RailAnswer) {
            throw .notGenuine("silent")
        }
    }

    private static let registry = RailRegistry([
        SilentRail(name: "fpx", services: [.onlineBanking: .sen(1)...Money.sen(10)]),
        SilentRail(
            name: "both",
            services: [.onlineBanking: .sen(2)...Money.sen(20), .qrCode: .sen(3)...Money.sen(30)]),
    ])

    @Test("the first rail that serves a service carries it, with its own amounts")
    func services() {
        #expect(Self.registry.rail(for: .onlineBanking)?.name == "fpx")
        #expect(Self.registry.rail(for: .qrCode)?.name == "both")
        #expect(Self.registry.rail(for: .eWallet) == nil)
        #expect(
            Self.registry.served == [
                .onlineBanking: .sen(1)...Money.sen(10), .qrCode: .sen(3)...Money.sen(30),
            ])
    }

    @Test("rails are found by their exact name")
    func names() {
        #expect(Self.registry.rail(named: "both")?.services.count == 2)
        #expect(Self.registry.rail(named: "Both") == nil)
        #expect(Self.registry.rail(named: "") == nil)
    }

    @Test("without rails nothing is served")
    func empty() {
        #expect(RailRegistry([]).served.isEmpty)
        #expect(RailRegistry([]).rail(for: .qrCode) == nil)
    }
}
