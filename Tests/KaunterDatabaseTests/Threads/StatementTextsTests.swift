import Testing

@testable import KaunterDatabase

@Suite("StatementTexts")
struct StatementTextsTests {
    @Test("no more texts are kept than the limit allows, and the kept ones stay")
    func limit() {
        let texts = StatementTexts()
        let admitted = (1...StatementTexts.limit).filter { texts.admits("SELECT \($0)") }

        #expect(admitted.count == StatementTexts.limit)
        #expect(!texts.admits("SELECT 0"))
        #expect(texts.admits("SELECT 1"))
    }
}
