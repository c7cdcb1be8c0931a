import Foundation
import Testing

@testable import KaunterRails

@Suite("EMV codes")
struct EMVCodeTests {
    @Test("the checksum of the well-known digits is 29B1, and of nothing the start value")
    func checksum() {
        #expect(EMVCode.checksum(of: Array("123456789".utf8)[...]) == "29B1")
        #expect(EMVCode.checksum(of: []) == "FFFF")
    }

    @Test("a checksum below 0x1000 keeps its zeros")
    func shortChecksum() throws {
        // One checksum in sixteen begins with a zero.
        var found = 0
        for number in 0..<500 {
            let code = EMVCode([EMVCode.DataObject("00", "\(number)")])
            if code.text.dropLast(3).hasSuffix("0") { found += 1 }
            #expect(try EMVCode(parsing: code.text) == code)
        }
        #expect(found > 0)
    }

    @Test("a code made elsewhere is read and written again, letter by letter")
    func vectors() throws {
        let vectors = try QRVectors.ours()
        #expect(vectors.count == 5)
        for text in vectors {
            let code = try EMVCode(parsing: text)
            #expect(code.text == text)
            #expect(code["00"] == "02")
            let account = try EMVCode.template(#require(code["26"]))
            #expect(account.first == EMVCode.DataObject("00", "A0000006150001"))
        }
    }

    @Test(
        "PayNet's published codes are read and written again",
        .enabled(if: QRVectors.hasPublished, "the published vectors are not beside this repository")
    )
    func publishedVectors() throws {
        let vectors = try QRVectors.published()
        #expect(!vectors.isEmpty)
        for text in vectors {
            let code = try EMVCode(parsing: text)
            #expect(code.text == text)
            #expect(code["53"] == "458")
            #expect(code["58"] == "MY")
        }
    }

    @Test("one changed character anywhere is noticed")
    func tampering() throws {
        let text = try #require(try QRVectors.ours().first)
        for (offset, byte) in text.utf8.enumerated() {
            for other in [UInt8(ascii: "0"), UInt8(ascii: "9"), UInt8(ascii: "X")]
            where other != byte {
                var bytes = Array(text.utf8)
                bytes[offset] = other
                let changed = String(decoding: bytes, as: UTF8.self)
                #expect(throws: EMVCode.Fault.self) { try EMVCode(parsing: changed) }
            }
        }
        for end in 0..<text.count {
            #expect(throws: EMVCode.Fault.self) { try EMVCode(parsing: String(text.prefix(end))) }
        }
    }

    @Test(
        "what is no list of objects is refused, with the place of the fault",
        arguments: [
            ("0", 0), ("00", 0), ("000", 0), ("0A02xx", 0), ("A002xx", 0), ("00-1x", 0),
            ("00+1x", 0), ("000x", 0), ("0000", 0), ("0001", 0), ("0002x", 0), ("0099x", 0),
            ("０００１x", 0), ("0001x01", 5), ("0001x0102x", 5), ("0001x0100", 5), ("0001é", 0),
            ("0003é", 0), ("0001😀", 0), (" 0001x", 0), ("0001x\n", 5),
        ])
    func malformed(text: String, offset: Int) {
        #expect(throws: EMVCode.Fault.malformed(offset: offset)) {
            try EMVCode.template(text)
        }
        #expect(throws: EMVCode.Fault.malformed(offset: offset)) { try EMVCode(parsing: text) }
    }

    @Test(
        "a code ends with its checksum, of four upper-case hex digits",
        arguments: ["", "0001x", "6304FFFF", "6302FF", "0001x6304", "63040000", "0001x6402FF"])
    func noChecksum(text: String) {
        #expect(throws: EMVCode.Fault.self) { try EMVCode(parsing: text) }
    }

    @Test("a checksum in lower case, or followed by more, is none")
    func checksumForm() throws {
        let text = try #require(
            try QRVectors.ours().first { $0.suffix(4).contains(where: \.isLetter) })
        let lower = text.dropLast(4) + text.suffix(4).lowercased()
        #expect(throws: EMVCode.Fault.checksum) { try EMVCode(parsing: String(lower)) }
        #expect(throws: EMVCode.Fault.checksum) { try EMVCode(parsing: text + "0001x") }
    }

    @Test("a text that no symbol could hold is not looked at")
    func tooLong() {
        let object = EMVCode.DataObject("00", String(repeating: "x", count: 98))
        let longest = EMVCode(
            Array(repeating: object, count: 9) + [.init("01", String(repeating: "y", count: 94))])
        #expect(longest.text.utf8.count == 1024)
        #expect((try? EMVCode(parsing: longest.text)) == longest)
        #expect(throws: EMVCode.Fault.tooLong) {
            try EMVCode(parsing: String(repeating: "0", count: 1025))
        }
    }

    @Test("an object without a value is left out")
    func emptyValues() throws {
        let code = EMVCode([.init("00", "02"), .init("62", EMVCode.text(of: [.init("05", "")]))])
        #expect(try EMVCode(parsing: code.text).objects == [.init("00", "02")])
    }

    @Test("every list of objects that is written can be read")
    func property() throws {
        let values = ["x", "10.00", "é", "示例商店", "😀", "a\u{301}", "6304ABCD", "0", " ", "\u{0}"]
        let long = String(repeating: "z", count: 99)
        for first in values + [long] {
            for second in values + [long] {
                for id in ["00", "26", "63", "99"] {
                    let objects = [EMVCode.DataObject(id, first), EMVCode.DataObject("59", second)]
                    let code = EMVCode(objects)
                    #expect(try EMVCode(parsing: code.text) == code)
                    #expect(try EMVCode.template(EMVCode.text(of: objects)) == objects)
                    #expect(code["59"] == second && code[id] == first && code["77"] == nil)
                }
            }
        }
    }
}
