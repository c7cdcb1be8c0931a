/// A value bound to a statement or read from a row: the subset that both databases hold alike.
///
/// Times are integers of microseconds, identifiers and JSON are text, bytes are base64 text.
package enum Value: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
    case boolean(Bool)
}
