/// An EMVCo merchant-presented QR code: data objects of an id, a length and a value, closed by a
/// CRC (EMVCo QRCPS; PayNet "QR Data Object V1.5").
package struct EMVCode: Sendable, Equatable {
    /// One data object. Values are text of 1–99 bytes of UTF-8.
    package struct DataObject: Sendable, Equatable {
        /// Two digits.
        package let id: String
        package let value: String

        package init(_ id: String, _ value: String) {
            self.id = id
            self.value = value
        }
    }

    /// Why a text is no such code.
    package enum Fault: Error, Equatable, Sendable {
        case tooLong
        case malformed(offset: Int)
        case checksum
    }

    /// The id of the checksum, which is always last.
    private static let checksumID = "63"
    /// Bytes of the longest code that is read: more than a symbol of ours could hold.
    private static let bytesAtMost = 1024

    /// All objects but the checksum, in order.
    package let objects: [DataObject]

    package init(_ objects: [DataObject]) {
        self.objects = objects
    }

    /// Reads a code and checks its CRC.
    package init(parsing text: String) throws(Fault) {
        let bytes = Array(text.utf8)
        if bytes.count > Self.bytesAtMost { throw .tooLong }
        var objects = try Self.parse(bytes[...])
        guard let last = objects.popLast(), last.id == Self.checksumID, last.value.count == 4 else {
            throw .checksum
        }
        guard Self.checksum(of: bytes.dropLast(4)) == last.value else { throw .checksum }
        self.objects = objects
    }

    /// The value of an object of this id, or nil.
    package subscript(id: String) -> String? {
        objects.first { $0.id == id }?.value
    }

    /// The objects inside a template's value.
    package static func template(_ value: String) throws(Fault) -> [DataObject] {
        try parse(Array(value.utf8)[...])
    }

    /// Objects written one after the other, without a checksum: a template's value. An object
    /// without a value is left out, since a length of 00 can't be read.
    package static func text(of objects: [DataObject]) -> String {
        objects.filter { !$0.value.isEmpty }.map { object in
            let length = object.value.utf8.count
            return "\(object.id)\(length < 10 ? "0" : "")\(length)\(object.value)"
        }.joined()
    }

    /// The whole code, its checksum last.
    package var text: String {
        let body = Self.text(of: objects) + Self.checksumID + "04"
        return body + Self.checksum(of: Array(body.utf8)[...])
    }

    private static func parse(_ bytes: ArraySlice<UInt8>) throws(Fault) -> [DataObject] {
        var objects: [DataObject] = []
        var rest = bytes
        while !rest.isEmpty {
            let head = rest.prefix(4)
            let digits = head.map { Int($0) - Int(UInt8(ascii: "0")) }
            guard digits.count == 4, digits.allSatisfy({ (0...9).contains($0) }) else {
                throw .malformed(offset: rest.startIndex)
            }
            let length = digits[2] * 10 + digits[3]
            let value = rest.dropFirst(4).prefix(length)
            guard value.count == length, length > 0,
                let text = String(validating: value, as: UTF8.self)
            else { throw .malformed(offset: rest.startIndex) }
            objects.append(DataObject("\(digits[0])\(digits[1])", text))
            rest = rest.dropFirst(4 + length)
        }
        return objects
    }

    /// CRC-16 with the polynomial 0x1021 and the start value 0xFFFF, as four upper-case hex digits.
    static func checksum(of bytes: ArraySlice<UInt8>) -> String {
        var crc: UInt16 = 0xffff
        for byte in bytes {
            crc ^= UInt16(byte) << 8
            for _ in 0..<8 {
                crc = crc & 0x8000 != 0 ? (crc << 1) ^ 0x1021 : crc << 1
            }
        }
        let hex = String(crc, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - hex.count) + hex
    }
}
