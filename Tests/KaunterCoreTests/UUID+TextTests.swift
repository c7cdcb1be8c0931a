import Foundation
import KaunterCore
import Testing

@Suite("The text of a UUID")
struct UUIDTextTests {
    @Test("it is lower case, with hyphens, and names the same UUID")
    func text() throws {
        let uuid = try #require(UUID(uuidString: "BD291FE1-5C19-4113-AE62-A2D3C4D01D20"))
        #expect(uuid.text == "bd291fe1-5c19-4113-ae62-a2d3c4d01d20")
        #expect(UUID(uuidString: uuid.text) == uuid)
    }
}
