import Foundation
import Testing

@Suite("The rooms are as they are documented")
struct RoomTests {
    @Test("Package.swift and the table of the architecture show the same arrows")
    func arrows() throws {
        let manifest = try Repository.files(under: ["Package.swift"], endings: [".swift"])
        let document = try Repository.files(under: ["docs/ARCHITECTURE.md"], endings: [".md"])
        let faults = RoomRules.faults(
            manifest: Manifest(try #require(manifest.first).text),
            table: RoomTable(try #require(document.first).text))
        #expect(faults == [])
    }

    @Test("every dependency stands in its decision record, in its version")
    func dependencies() throws {
        let manifest = try Repository.files(under: ["Package.swift"], endings: [".swift"])
        let record = try Repository.files(
            under: ["docs/decisions/0002-dependencies.md"], endings: [".md"])
        let faults = RoomRules.undocumentedPackages(
            manifest: try #require(manifest.first).text,
            document: try #require(record.first).text)
        #expect(faults == [])
    }

    @Test("a dependency of another version, or without a row, is found")
    func dependencySample() {
        let faults = RoomRules.undocumentedPackages(
            manifest: """
                .package(url: "https://example.com/one/shelf", exact: "1.2.3"),
                .package(url: "https://example.com/one/table", exact: "1.2.3"),
                .package(url: "https://example.com/one/chair", exact: "1.2.3"),
                """,
            document: "| shelf | 1.2.3 | x |\n| table | 1.2.4 | y |\n")
        #expect(faults.count == 2)
    }

    private let manifest = Manifest(
        """
        targets: [
            // What is true?
            .target(name: "Core", swiftSettings: strict),
            .target(
                name: "Web",
                dependencies: [
                    "Core", "CQREncode",
                    .product(name: "Hummingbird", package: "hummingbird"),
                ],
                resources: [.copy("Assets")]),
            .executableTarget(name: "house", dependencies: ["Web"]),
            .testTarget(name: "WebTests", dependencies: ["Web", "Support"]),
            .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode"),
        ]
        """)

    @Test("the targets and their arrows are read from the manifest")
    func reading() {
        #expect(
            manifest.dependencies == [
                "Core": [], "Web": ["Core", "CQREncode", "Hummingbird"], "house": ["Web"],
            ])
    }

    @Test("a table that says the same passes")
    func sameTable() {
        #expect(RoomRules.faults(manifest: manifest, table: table()) == [])
    }

    @Test("an arrow, a room, or a row too many is found")
    func otherTables() {
        #expect(faults(table(web: "Core, CQREncode")) == 1)
        #expect(faults(table(web: "Core, CQREncode, Hummingbird, Rails")) == 1)
        #expect(faults(table(house: "")) == 1)
        #expect(faults(table(house: "| house | Who? | Web |\n| Attic | Where? | |")) == 1)
    }

    private func faults(_ table: RoomTable) -> Int {
        RoomRules.faults(manifest: manifest, table: table).count
    }

    private func table(
        web: String = "Core, CQREncode, Hummingbird", house: String = "| `house` | Who? | `Web` |"
    ) -> RoomTable {
        RoomTable(
            """
            # Architecture

            | Room | Question | May import |
            |---|---|---|
            | **Core** | What is true? | Foundation |
            | **Web** | What is seen? | \(web) |
            \(house)

            | Other | Table | May import |
            |---|---|---|
            | Shed | What? | Core |
            """)
    }
}
