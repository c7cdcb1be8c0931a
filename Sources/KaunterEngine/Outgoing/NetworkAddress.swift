import Foundation

/// A numeric IP address, and whether the public internet is where it leads.
package struct NetworkAddress: Sendable, Hashable {
    /// 4 bytes or 16.
    package let bytes: [UInt8]

    /// The address that a text writes in its plain form, or nil. Short, octal and decimal forms are
    /// no plain form: they go through the resolver, and what it says is looked at.
    package init?(_ text: String) {
        // The system reads up to a NUL, and takes what stands before it.
        guard !text.utf8.contains(0) else { return nil }
        var four = in_addr()
        var sixteen = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
            bytes = withUnsafeBytes(of: sixteen) { Array($0) }
        } else {
            return nil
        }
    }

    init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// The plain form.
    package var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return String(
            decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Where an address leads.
    package enum Reach: Sendable, Equatable {
        /// The public internet.
        case everywhere
        /// This machine, or networks that people run for themselves.
        case inside
        /// Neither: link-local (clouds keep their metadata there), multicast, reserved.
        case nowhere
    }

    package var reach: Reach {
        bytes.count == 4 ? Self.reach(ofFour: bytes) : Self.reach(ofSixteen: bytes)
    }

    /// IANA's registry of special-purpose IPv4 addresses (RFC 6890 and its successors).
    private static func reach(ofFour bytes: [UInt8]) -> Reach {
        if isMetadata(bytes) { return .nowhere }
        return switch (bytes[0], bytes[1], bytes[2]) {
        case (127, _, _), (10, _, _), (192, 168, _), (172, 16...31, _), (100, 64...127, _):
            .inside
        case (0, _, _), (169, 254, _), (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 18...19, _),
            (198, 51, 100), (203, 0, 113), (224...255, _, _):
            .nowhere
        default:
            .everywhere
        }
    }

    /// Addresses at which clouds answer with a machine's secrets, though their ranges would do in a
    /// sandbox: Azure, Alibaba; all services of AWS (fd00:ec2::/32); GCP, Scaleway, Oracle.
    private static func isMetadata(_ bytes: [UInt8]) -> Bool {
        metadata.contains(bytes) || bytes.count == 16 && bytes.starts(with: [0xfd, 0, 0x0e, 0xc2])
    }

    private static let metadata: Set<[UInt8]> = [
        [168, 63, 129, 16], [100, 100, 100, 200],
        [0xfd, 0x20, 0, 0xce] + zeros(10) + [0x02, 0x54],
        [0xfd, 0, 0, 0x42] + zeros(10) + [0, 0x42],
        [0xfd, 0, 0, 0xc1] + zeros(8) + [0xa9, 0xfe, 0xa9, 0xfe],
    ]

    private static func zeros(_ count: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: count)
    }

    /// IANA's registry of special-purpose IPv6 addresses. Addresses that carry an IPv4 address
    /// (mapped, compatible, NAT64, 6to4, Teredo) lead where that one leads, or nowhere.
    private static func reach(ofSixteen bytes: [UInt8]) -> Reach {
        if isMetadata(bytes) { return .nowhere }
        let embedded = { (range: Range<Int>) in Self.reach(ofFour: Array(bytes[range])) }
        if bytes[0..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff {
            return embedded(12..<16)
        }
        if bytes[0..<15].allSatisfy({ $0 == 0 }) { return bytes[15] == 1 ? .inside : .nowhere }
        if bytes[0..<12].allSatisfy({ $0 == 0 }) { return .nowhere }
        let well = [0x00, 0x64, 0xff, 0x9b] as [UInt8]
        if bytes[0..<4].elementsEqual(well) {
            // NAT64 by its well-known prefix, or by a local one (64:ff9b:1::/48).
            let isWellKnown = bytes[4..<12].allSatisfy { $0 == 0 }
            return isWellKnown && embedded(12..<16) == .everywhere ? .everywhere : .nowhere
        }
        switch (bytes[0], bytes[1]) {
        case (0x20, 0x02): return embedded(2..<6) == .everywhere ? .everywhere : .nowhere
        case (0x20, 0x01) where bytes[2] < 2: return .nowhere
        case (0x20, 0x01) where bytes[2] == 0x0d && bytes[3] == 0xb8: return .nowhere
        case (0x3f, 0xff) where bytes[2] < 0x10: return .nowhere
        case (0xfc...0xfd, _): return .inside
        case (0x20...0x3f, _): return .everywhere
        default: return .nowhere
        }
    }
}
