import KaunterCore
import Testing

@testable import KaunterRails

@Suite("The simulated rail")
struct SimulatorRailTests {
    private static let rail = SimulatorRail(pagesURL: "https://pay.example/simulator")

    private static func attempt(_ code: DepositCode) -> Attempt {
        Attempt(
            id: 1, payment: Payment.ID(rawValue: 7), number: 1, rail: "simulator",
            reference: "B2C3D4F5G6H7J8K9L2M3", depositCode: code, amount: .sen(100_00),
            state: .intended, begunAt: Moment(microseconds: 0),
            deadlineAt: Moment(microseconds: 600_000_000), nextEnquiryAt: nil)
    }

    @Test(
        "DuitNow QR shows a symbol and all else goes to the simulated bank",
        arguments: Catalogue.depositCodes)
    func begins(code: DepositCode) async throws {
        let answer = try await Self.rail.begin(Self.attempt(code))
        guard case .begun(let step) = answer else {
            Issue.record("\(answer) is not begun")
            return
        }
        switch step {
        case .redirect(let url):
            #expect(code.kind != .duitNowQR)
            #expect(url == "https://pay.example/simulator/B2C3D4F5G6H7J8K9L2M3")
        case .qrCode(let payload):
            #expect(code.kind == .duitNowQR)
            #expect(try QRVectors.ours().contains(payload))
        }
    }

    @Test("it never knows an outcome by itself", arguments: Attempt.State.allCases)
    func enquiry(state: Attempt.State) async throws {
        var attempt = Self.attempt(Catalogue.fpxBanks[0])
        attempt.state = state
        #expect(try await Self.rail.enquire(attempt) == .pending)
    }

    @Test("it serves every service with the amounts of FPX")
    func services() {
        #expect(Self.rail.name == "simulator")
        #expect(Self.rail.deadlineSeconds == 600)
        #expect(Set(Self.rail.services.keys) == Set(Service.allCases))
        for amounts in Self.rail.services.values {
            #expect(amounts == Money.sen(1_00)...Money.sen(30_000_00))
        }
    }
}
