import KaunterCore
import Testing

@Suite("When rails are asked")
struct EnquiryScheduleTests {
    @Test(
        "the waits grow and the last one repeats",
        arguments: zip(
            [-1, 0, 1, 2, 3, 4, 5, 100, .max], [20, 20, 40, 60, 120, 300, 300, 300, 300]))
    func waits(enquiries: Int, seconds: Int64) {
        let now = Sample.second(50)
        let next = EnquirySchedule.next(
            after: enquiries, now: now, deadline: Sample.second(100_000))
        #expect(next == now.adding(seconds: seconds))
    }

    @Test("no enquiry is planned after the deadline, and one is planned at it")
    func deadline() {
        let deadline = Sample.second(70)
        for (now, expected) in [(49, 69), (50, 70), (51, 70), (70, 70)] as [(Int64, Int64)] {
            let next = EnquirySchedule.next(after: 0, now: Sample.second(now), deadline: deadline)
            #expect(next == Sample.second(expected))
        }
    }
}
