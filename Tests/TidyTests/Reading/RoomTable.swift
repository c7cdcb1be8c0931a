/// The table of rooms in `docs/ARCHITECTURE.md`: `| Room | Question | May import |`.
struct RoomTable {
    /// The names that each room may import: targets and products.
    let imports: [String: Set<String>]

    /// Words of the third column that name no target and no product.
    private static let fillers: Set<String> = ["", "-", "–", "—", "nothing", "none", "Foundation"]

    init(_ markdown: String) {
        var imports: [String: Set<String>] = [:]
        var isTable = false
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .dropFirst().map(Self.plain)
            guard cells.count >= 3 else {
                isTable = false
                continue
            }
            if cells[0] == "Room", cells[2] == "May import" {
                isTable = true
            } else if isTable, cells[0].contains(where: \.isLetter) {
                imports[cells[0]] = Set(cells[2].split(separator: ",").map(Self.plain))
                    .subtracting(Self.fillers)
            }
        }
        self.imports = imports
    }

    /// A cell without its emphasis, its code marks and the spaces around it.
    private static func plain(_ cell: Substring) -> String {
        let text = cell.filter { $0 != "*" && $0 != "`" }
        return text.split(separator: " ").joined(separator: " ")
    }
}
