/// All the chance of one simulated run: numbers drawn from its seed (SplitMix64), the same in every
/// run and on every machine.
struct Chance {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number of the range.
    mutating func within(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// A number of one of the ranges, each as often as its weight says.
    mutating func within(_ ranges: [(ClosedRange<Int64>, Int)]) -> Int64 {
        within(weighted(ranges))
    }

    /// Whether something happens that happens in so many of a thousand cases.
    mutating func happens(perMille: Int) -> Bool {
        next() % 1_000 < UInt64(max(0, perMille))
    }

    /// One of them.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(next() % UInt64(elements.count))]
    }

    /// One of them, each as often as its weight says.
    mutating func weighted<Element>(_ choices: [(Element, Int)]) -> Element {
        var left = Int(next() % UInt64(choices.reduce(0) { $0 + $1.1 }))
        for (element, weight) in choices {
            if left < weight { return element }
            left -= weight
        }
        return choices[choices.count - 1].0
    }
}
