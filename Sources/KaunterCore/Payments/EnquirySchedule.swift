/// When a rail is asked about an attempt of which it has said nothing.
package enum EnquirySchedule {
    /// Seconds between two enquiries, the last one repeated: payers are quick or gone.
    private static let waitsSeconds: [Int64] = [20, 40, 60, 120, 300]

    /// The moment of the next enquiry after `enquiries` of them; never later than the deadline, at
    /// which the last one is made.
    package static func next(after enquiries: Int, now: Moment, deadline: Moment) -> Moment {
        let wait = waitsSeconds[min(max(0, enquiries), waitsSeconds.count - 1)]
        return min(now.adding(seconds: wait), deadline)
    }
}
