import KaunterCore
import KaunterStorage

/// The chain of seals, made again from what it covers.
extension Audit {
    mutating func checkSeals() throws {
        var previous: Seal?
        while true {
            let seals = try reading.seals(after: previous?.number ?? 0, limit: 100)
            if seals.isEmpty { break }
            for seal in seals {
                try check(seal, after: previous)
                previous = seal
            }
        }
        let last = previous?.positions.upperBound ?? 0
        expect(try reading.lastPosition(), last, .sealGap, "the last position")
    }

    private mutating func check(_ seal: Seal, after previous: Seal?) throws {
        report.checked.seals += 1
        let subject = "seal \(seal.number)"
        expect(seal.number, (previous?.number ?? 0) + 1, .sealGap, subject)
        let first = seal.positions.lowerBound
        expect(
            first, (previous?.positions.upperBound ?? 0) + 1, .sealGap, "\(subject) begins")
        var text = SealText(
            number: seal.number, positions: seal.positions, sealedAt: seal.sealedAt,
            previous: previous?.sha256)
        var next = first
        // A seal that was changed may claim any number of positions.
        while next <= seal.positions.upperBound {
            let page = next...min(seal.positions.upperBound, next + Int64(Self.pageRows) - 1)
            let items = try reading.sealedItems(at: page)
            for item in items { text.add(item) }
            guard items.count == page.count else {
                expect(Int64(items.count), Int64(page.count), .sealGap, "\(subject) items")
                break
            }
            next = page.upperBound + 1
        }
        expect(text.entries, seal.entries, .seal, "\(subject) entries")
        let digest = text.digest()
        if digest != seal.sha256 {
            report.add(AuditFinding(.seal, subject, expected: digest, found: seal.sha256))
        }
    }
}
