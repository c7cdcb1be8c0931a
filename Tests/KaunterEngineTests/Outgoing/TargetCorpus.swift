import Foundation
import Synchronization
import Testing

@testable import KaunterEngine

/// A line of Tests/Vectors/hostile-targets.txt or good-targets.txt.
struct CorpusTarget: Sendable, CustomTestStringConvertible {
    /// The target, in which `{port}` stands for the port of a listener.
    let text: String
    /// What the name resolves to, look-up by look-up; the last answer stays. Empty: what the
    /// system's resolver reads in a number, and else a good public address.
    let answers: [[String]]
    let kind: String

    var testDescription: String { "\(kind): \(text)" }

    /// The targets of a file, whose head says how a line is written.
    static func all(of file: String) -> [CorpusTarget] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let path = folder.appendingPathComponent("../../Vectors/\(file)")
        guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [] }
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        return lines.compactMap { line in
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            let answers = parts[1].split(separator: "|").map { answer in
                answer.split(separator: " ").map(String.init).filter { $0 != "none" }
            }
            return CorpusTarget(
                text: unescaped(parts[0]), answers: answers, kind: String(parts[2]))
        }
    }

    /// The target with the port of a listener in it.
    func url(port: Int) -> String {
        text.replacingOccurrences(of: "{port}", with: "\(port)")
    }

    private static func unescaped(_ text: Substring) -> String {
        var result = ""
        var rest = text
        while let character = rest.popFirst() {
            guard character == "\\" else {
                result.append(character)
                continue
            }
            switch rest.popFirst() {
            case "0": result.unicodeScalars.append("\0")
            case "r": result.unicodeScalars.append("\r")
            case "n": result.unicodeScalars.append("\n")
            case "t": result.unicodeScalars.append("\t")
            case "u":
                let digits = rest.dropFirst().prefix { $0 != "}" }
                rest = rest.dropFirst(digits.count + 2)
                let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
                if let scalar { result.unicodeScalars.append(scalar) }
            default: result.append("\\")
            }
        }
        return result
    }
}

/// A resolver for one target, which changes its answers as the target's line says.
final class CorpusResolver: Sendable {
    /// What a name leads to that no line says anything about: only its form can be refused.
    static let goodAddress = "8.8.8.8"

    private let answers: [[String]]
    private let lookUps = Mutex(0)

    init(_ target: CorpusTarget) {
        answers = target.answers
    }

    /// The next look-up of this name.
    func addresses(of host: String) -> [NetworkAddress] {
        guard let last = answers.last else { return numeric(host) }
        let number = lookUps.withLock { number in
            number += 1
            return number - 1
        }
        let texts = answers.indices.contains(number) ? answers[number] : last
        return texts.compactMap { NetworkAddress($0) }
    }

    /// What the system reads in a number of any form, without asking anybody.
    private func numeric(_ host: String) -> [NetworkAddress] {
        if let plain = NetworkAddress(host) { return [plain] }
        // Which module its initializer comes from depends on the order of the build.
        var four = unsafeBitCast(UInt32.zero, to: in_addr.self)
        if inet_aton(host, &four) != 0 {
            let bytes = withUnsafeBytes(of: four) { Array($0) }
            return [NetworkAddress(bytes: bytes)].compactMap(\.self)
        }
        return [NetworkAddress(Self.goodAddress)].compactMap(\.self)
    }
}
