/// RSA's public operation: a number to the power of the public exponent, modulo the modulus.
///
/// The library only says whether a signature is good. What explains a bad one is what the key finds
/// in it. There is no secret in it, so it need not take the same time for all.
struct PublicOperation {
    /// 32 bits each, the lowest first.
    private let modulus: [UInt32]
    private let modulusBytes: Int
    private let exponent: UInt64
    /// The negative inverse of the modulus, modulo 2³².
    private let inverse: UInt32

    /// An operation by a key's numbers, highest byte first; nil for an even modulus, and for an
    /// exponent that doesn't fit into 64 bits.
    init?(modulus: [UInt8], exponent: [UInt8]) {
        let modulus = Array(modulus.drop { $0 == 0 })
        let exponent = exponent.drop { $0 == 0 }
        guard let low = modulus.last, low & 1 == 1, modulus.count <= KeyLimits.maximumBits / 8,
            !exponent.isEmpty, exponent.count <= 8
        else { return nil }
        self.modulus = Self.limbs(modulus)
        self.modulusBytes = modulus.count
        self.exponent = exponent.reduce(0) { $0 << 8 | UInt64($1) }
        // Newton's iteration doubles the bits that are right; five times make 32 of one.
        let odd = self.modulus.first ?? 1
        var inverse: UInt32 = odd
        for _ in 0..<5 { inverse = inverse &* (2 &- odd &* inverse) }
        self.inverse = 0 &- inverse
    }

    /// The power, highest byte first, as long as the modulus; nil when the number is not as long,
    /// or not below the modulus.
    func power(of number: [UInt8]) -> [UInt8]? {
        let base = Self.limbs(number)
        guard number.count == modulusBytes, !isAtLeastModulus(base) else { return nil }
        // Montgomery's form of a number is its product with R = 2^(32 · limbs).
        var one = [UInt32](repeating: 0, count: modulus.count)
        one[0] = 1
        let form = product(base, doubled(one, times: 64 * modulus.count))
        var power = form
        let bits = 64 - exponent.leadingZeroBitCount
        for bit in (0..<max(0, bits - 1)).reversed() {
            power = product(power, power)
            if exponent >> UInt64(bit) & 1 == 1 { power = product(power, form) }
        }
        return bytes(product(power, one))
    }

    /// The product of two numbers divided by R, modulo the modulus.
    private func product(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        let count = modulus.count
        var sum = [UInt32](repeating: 0, count: count + 2)
        for factor in right {
            var carry: UInt64 = 0
            for index in 0..<count {
                let part = UInt64(left[index]) &* UInt64(factor) &+ UInt64(sum[index]) &+ carry
                sum[index] = UInt32(truncatingIfNeeded: part)
                carry = part >> 32
            }
            var top = UInt64(sum[count]) &+ carry
            sum[count] = UInt32(truncatingIfNeeded: top)
            sum[count + 1] = UInt32(truncatingIfNeeded: top >> 32)
            let multiple = UInt64(sum[0] &* inverse)
            carry = (UInt64(sum[0]) &+ multiple &* UInt64(modulus[0])) >> 32
            for index in 1..<count {
                let part = UInt64(sum[index]) &+ multiple &* UInt64(modulus[index]) &+ carry
                sum[index - 1] = UInt32(truncatingIfNeeded: part)
                carry = part >> 32
            }
            top = UInt64(sum[count]) &+ carry
            sum[count - 1] = UInt32(truncatingIfNeeded: top)
            sum[count] = sum[count + 1] &+ UInt32(truncatingIfNeeded: top >> 32)
        }
        let low = Array(sum[..<count])
        return sum[count] != 0 || isAtLeastModulus(low) ? difference(low) : low
    }

    /// The number doubled so many times, modulo the modulus.
    private func doubled(_ number: [UInt32], times: Int) -> [UInt32] {
        var result = number
        for _ in 0..<times {
            var carry: UInt32 = 0
            for index in result.indices {
                let top = result[index] >> 31
                result[index] = result[index] << 1 | carry
                carry = top
            }
            if carry != 0 || isAtLeastModulus(result) { result = difference(result) }
        }
        return result
    }

    private func isAtLeastModulus(_ number: [UInt32]) -> Bool {
        guard number.count == modulus.count else { return number.count > modulus.count }
        for index in modulus.indices.reversed() where number[index] != modulus[index] {
            return number[index] > modulus[index]
        }
        return true
    }

    /// The number without the modulus.
    private func difference(_ number: [UInt32]) -> [UInt32] {
        var result = number
        var borrow: UInt64 = 0
        for index in modulus.indices {
            let part = UInt64(number[index]) &- UInt64(modulus[index]) &- borrow
            result[index] = UInt32(truncatingIfNeeded: part)
            borrow = part >> 63
        }
        return result
    }

    private static func limbs(_ bytes: [UInt8]) -> [UInt32] {
        stride(from: bytes.count, to: 0, by: -4).map { end in
            bytes[max(0, end - 4)..<end].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    private func bytes(_ limbs: [UInt32]) -> [UInt8] {
        let all = limbs.reversed().flatMap { limb in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: limb >> $0) }
        }
        return Array(all.suffix(modulusBytes))
    }
}
