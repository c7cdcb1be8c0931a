import Foundation
import Testing

@testable import KaunterDatabase

@Suite("BoundedQueue")
struct BoundedQueueTests {
    @Test("elements are taken in the order in which they came")
    func order() {
        let queue = BoundedQueue<Int>(limit: 100)
        for element in 1...5 { #expect(queue.append(element) == .admitted) }
        #expect(queue.take() == 1)
        for element in 6...8 { #expect(queue.append(element) == .admitted) }

        #expect(queue.take(upTo: 3) == [2, 3, 4])
        #expect(queue.take(upTo: 100) == [5, 6, 7, 8])
        #expect(queue.count == 0)
    }

    @Test("no more elements wait than the limit allows")
    func limit() {
        let queue = BoundedQueue<Int>(limit: 2)
        #expect([1, 2, 3].map(queue.append) == [.admitted, .admitted, .full])
        #expect(queue.take() == 1)
        #expect([4, 5].map(queue.append) == [.admitted, .full])
        #expect(queue.take(upTo: 9) == [2, 4])
    }

    @Test("a closed queue lets nothing in, gives out what it has, and then nothing")
    func closing() {
        let queue = BoundedQueue<Int>(limit: 2)
        #expect(queue.append(1) == .admitted)
        queue.close()

        #expect(queue.append(2) == .closed)
        #expect(queue.take() == 1)
        #expect(queue.take() == nil)
        #expect(queue.take(upTo: 5) == [])
    }

    @Test("a thread that waits is woken by an element and by the closing")
    func waking() async {
        let queue = BoundedQueue<Int>(limit: 10)
        let taken = await withCheckedContinuation { done in
            Thread.detachNewThread {
                var taken: [Int] = []
                while let element = queue.take() {
                    taken.append(element)
                    if element == 3 { queue.close() }
                }
                done.resume(returning: taken)
            }
            for element in 1...3 { _ = queue.append(element) }
        }
        #expect(taken == [1, 2, 3])
    }
}
