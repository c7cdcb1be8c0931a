package import Foundation

/// What may stand in the interpolation of an `SQL` literal.
///
/// An enumeration or a typed identifier with a bindable raw value needs the conformance only, since
/// its raw value is bound.
package protocol Bindable {
    /// The value that the database gets.
    var databaseValue: Value { get }
}

extension Value: Bindable {
    package var databaseValue: Value { self }
}

extension Int: Bindable {
    package var databaseValue: Value { .integer(Int64(self)) }
}

extension Int64: Bindable {
    package var databaseValue: Value { .integer(self) }
}

extension String: Bindable {
    package var databaseValue: Value { .text(self) }
}

extension Bool: Bindable {
    package var databaseValue: Value { .boolean(self) }
}

extension UUID: Bindable {
    /// Text in lower case, so that equal identifiers are equal text in both databases.
    package var databaseValue: Value { .text(uuidString.lowercased()) }
}

extension Optional: Bindable where Wrapped: Bindable {
    package var databaseValue: Value { self?.databaseValue ?? .null }
}

extension RawRepresentable where Self: Bindable, RawValue: Bindable {
    package var databaseValue: Value { rawValue.databaseValue }
}
