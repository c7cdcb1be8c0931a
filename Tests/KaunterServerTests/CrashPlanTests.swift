import KaunterCore
import KaunterServer
import Testing

@Suite("An ordered crash")
struct CrashPlanTests {
    @Test("a point, and a number of times if need be", arguments: CrashPoint.allCases)
    func points(_ point: CrashPoint) throws {
        let plan = try #require(CrashPlan(point.rawValue))
        #expect(plan.point == point)
        #expect(plan.time == 1)
        #expect(CrashPlan("\(point.rawValue):17")?.time == 17)
    }

    @Test(
        "what is no order is refused",
        arguments: ["", "nowhere", "commit.before:", "commit.before:0", "commit.before:-1", ":1"])
    func none(_ text: String) {
        #expect(CrashPlan(text) == nil)
        #expect(throws: ConfigurationFault.self) {
            var flags = ConfigurationFlags()
            flags.listen = "127.0.0.1:1"
            let variable = Configuration.crashVariable
            _ = try Configuration(flags: flags, environment: [variable: text.isEmpty ? "x" : text])
        }
    }
}
