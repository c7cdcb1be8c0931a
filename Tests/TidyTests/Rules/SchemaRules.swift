/// The schema's scripts are `NNNN-words.sql`, numbered without a gap. Where the databases differ,
/// the twins are `NNNN-words.sqlite.sql` and `NNNN-words.postgresql.sql`, and neither is alone.
enum SchemaRules {
    private static let twins: Set<Substring> = ["sqlite", "postgresql"]

    static func faults(inNames names: [String]) -> [String] {
        let scripts = names.map(Script.init)
        var faults = zip(names, scripts).filter { $0.1 == nil }
            .map { "\($0.0) is not named NNNN-words.sql" }

        let byNumber = Dictionary(grouping: scripts.compactMap(\.self), by: \.number)
        for (expected, number) in zip(1..., byNumber.keys.sorted()) where number != expected {
            faults.append("\(number) is where \(expected) should be")
            break
        }
        for (number, group) in byNumber.sorted(by: { $0.key < $1.key }) {
            let dialects = group.map(\.dialect)
            let isOne = dialects == [nil]
            let areTwins = Set(dialects.compactMap(\.self)) == twins && dialects.count == 2
            if !isOne && !areTwins {
                faults.append("\(number) must be one script, or one for each database")
            }
        }
        return faults
    }

    private struct Script {
        let number: Int
        let dialect: Substring?

        init?(_ name: String) {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            guard (2...3).contains(parts.count), parts.last == "sql",
                parts[0].dropFirst(4).first == "-", parts[0].count > 5,
                parts[0].dropFirst(5).allSatisfy({ $0.isLowercase || $0 == "-" }),
                let number = Int(parts[0].prefix(4))
            else { return nil }
            self.number = number
            self.dialect = parts.count == 3 ? parts[1] : nil
        }
    }
}
