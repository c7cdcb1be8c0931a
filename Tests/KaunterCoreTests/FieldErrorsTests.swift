import KaunterCore
import Testing

@Suite("Faults of fields")
struct FieldErrorsTests {
    @Test("fields keep the order in which they were found, and messages too")
    func order() {
        var errors = FieldErrors()
        #expect(errors.isEmpty)
        errors.add("service", "a")
        errors.add("amount", "b")
        errors.add("service", "c")
        #expect(errors.entries.map(\.field) == ["service", "amount"])
        #expect(errors.entries.map(\.messages) == [["a", "c"], ["b"]])
        #expect(!errors.isEmpty)
    }

    @Test("the same words are not said twice of one field, but are of another")
    func repeats() {
        var errors = FieldErrors("amount", "Wrong.")
        errors.add("amount", "Wrong.")
        errors.add("order_id", "Wrong.")
        #expect(errors.entries.map(\.messages) == [["Wrong."], ["Wrong."]])
    }

    @Test("two lists become one, without repeats")
    func joined() {
        var errors = FieldErrors("a", "1")
        var others = FieldErrors("b", "2")
        others.add("a", "1")
        others.add("a", "3")
        errors.add(others)
        #expect(errors.entries.map(\.field) == ["a", "b"])
        #expect(errors.entries.map(\.messages) == [["1", "3"], ["2"]])
        errors.add(FieldErrors())
        #expect(errors.entries.count == 2)
    }

    @Test("a field is known only by its exact name")
    func has() {
        let errors = FieldErrors("order_id", "Wrong.")
        #expect(errors.has("order_id"))
        #expect(!errors.has("order"))
        #expect(!errors.has(""))
    }
}
