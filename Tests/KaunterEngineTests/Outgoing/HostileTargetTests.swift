import Foundation
import KaunterCore
import Synchronization
import Testing

@testable import KaunterEngine

@Suite("Targets that are never asked, and some that are")
struct HostileTargetTests {
    private static let hostile = CorpusTarget.all(of: "hostile-targets.txt")
    private static let good = CorpusTarget.all(of: "good-targets.txt")
    private static let refusals: Set<OutgoingFault> = [
        .badAddress, .forbiddenAddress, .unresolved,
    ]

    /// Hears what would be asked at which address.
    private final class Recorder: Sendable {
        let asked = Mutex<[String]>([])

        var count: Int { asked.withLock { $0.count } }

        var ask: PinnedHTTP.Ask {
            { url, address in
                self.asked.withLock { $0.append("\(address.text) for \(url)") }
                return 200
            }
        }
    }

    private static func http(_ target: CorpusTarget, _ ask: PinnedHTTP.Ask?) -> PinnedHTTP {
        let resolver = CorpusResolver(target)
        return PinnedHTTP(
            allowsInside: false,
            lookUp: { host async throws(OutgoingFault) in
                let found = resolver.addresses(of: host)
                if found.isEmpty { throw .unresolved }
                return found
            }, ask: ask)
    }

    private static func send(
        _ http: PinnedHTTP, _ url: String, _ body: OutgoingRequest.Body = .none
    ) async -> Result<Int, OutgoingFault> {
        do throws(OutgoingFault) {
            return .success(
                try await http.send(OutgoingRequest(url: url, body: body), within: 5).code)
        } catch {
            return .failure(error)
        }
    }

    @Test("both files are read whole")
    func files() {
        #expect(Self.hostile.count >= 500)
        #expect(Self.good.count >= 60)
    }

    @Test("nothing is asked at a hostile target", arguments: hostile)
    func refused(_ target: CorpusTarget) async {
        let recorder = Recorder()
        let http = Self.http(target, recorder.ask)
        // A name that changes is good at first: what is asked then is the address of the look-up.
        let goodLookUps = max(0, target.answers.count - 1)
        for _ in 0..<goodLookUps {
            #expect(await Self.send(http, target.url(port: 443)) == .success(200))
        }
        let before = recorder.asked.withLock { $0 }
        #expect(before.count == goodLookUps)
        for body in [OutgoingRequest.Body.none, .json("{}"), .form("a=1")] {
            guard case .failure(let fault) = await Self.send(http, target.url(port: 443), body)
            else {
                Issue.record("it was asked: \(recorder.asked.withLock { $0 })")
                continue
            }
            #expect(Self.refusals.contains(fault))
        }
        #expect(recorder.asked.withLock { $0 } == before)
        await http.close()
    }

    @Test("a good target is asked, at an address of its own", arguments: good)
    func asked(_ target: CorpusTarget) async {
        let recorder = Recorder()
        let http = Self.http(target, recorder.ask)
        for lookUp in 0..<2 {
            #expect(await Self.send(http, target.url(port: 443)) == .success(200))
            let asked = recorder.asked.withLock { $0.last ?? "" }
            if let answers = target.answers.dropFirst(lookUp).first ?? target.answers.last {
                #expect(asked.hasPrefix("\(answers[0]) for "))
            }
        }
        await http.close()
    }

    @Test("with the real network, a listener on every address of this machine hears nothing")
    func silence() async throws {
        let answer = LoopbackServer.answer("200 OK")
        try await LoopbackServer.use(.always(answer), on: "0.0.0.0") { server in
            for target in Self.hostile where target.answers.count < 2 {
                let http = Self.http(target, nil)
                let result = await Self.send(http, target.url(port: server.port))
                guard case .failure(let fault) = result else {
                    Issue.record("\(target.testDescription) was asked")
                    continue
                }
                #expect(Self.refusals.contains(fault), "\(target.testDescription)")
                await http.close()
            }
            #expect(server.connectionCount == 0)
            // It would have heard: a sandbox may ask it.
            let http = PinnedHTTP(allowsInside: true)
            #expect(
                await Self.send(http, "http://127.0.0.1:\(server.port)/") == .success(200))
            #expect(server.connectionCount == 1)
            await http.close()
        }
    }

    @Test("the system's own resolver leads to nothing that is asked, in any form of this machine")
    func system() async throws {
        try await LoopbackServer.use(.always(LoopbackServer.answer("200 OK")), on: "0.0.0.0") {
            server in
            let http = PinnedHTTP(allowsInside: false)
            // Numbers only, and names that every system knows: nobody outside is asked for a name.
            let isLocal = { (target: CorpusTarget) in
                target.kind.hasPrefix("loopback") || target.kind == "localhost"
            }
            for target in Self.hostile where isLocal(target) {
                let result = await Self.send(http, target.url(port: server.port))
                guard case .failure(let fault) = result else {
                    Issue.record("\(target.testDescription) was asked")
                    continue
                }
                #expect(Self.refusals.contains(fault), "\(target.testDescription)")
            }
            #expect(server.connectionCount == 0)
            await http.close()
        }
    }

    @Test(
        "no redirect is followed, wherever it leads",
        arguments: [300, 301, 302, 303, 305, 307, 308])
    func redirects(_ code: Int) async throws {
        // The sandbox may ask this machine, so that only not following keeps it from doing so.
        try await LoopbackServer.use(.always(LoopbackServer.answer("200 OK"))) { inner in
            let places = Self.hostile.map { $0.url(port: inner.port) }.filter { text in
                text.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 32 && $0.value < 127 }
            }
            let plain = places.map { $0.replacingOccurrences(of: "https://", with: "http://") }
            let locations = Array(Set(places + plain)).sorted()
            let next = Mutex(locations[...])
            let script = LoopbackServer.Script { _ in
                let place = next.withLock { $0.popFirst() } ?? "http://127.0.0.1:\(inner.port)/"
                return LoopbackServer.answer(
                    "\(code) Elsewhere",
                    headers: "Location: \(place)\r\nRefresh: 0; url=\(place)\r\n")
            }
            try await LoopbackServer.use(script) { server in
                let http = PinnedHTTP(allowsInside: true)
                let url = "http://127.0.0.1:\(server.port)/"
                for _ in locations { #expect(await Self.send(http, url) == .success(code)) }
                #expect(server.requests.count == locations.count)
                #expect(await Self.send(http, url, .json("{}")) == .success(code))
                await http.close()
            }
            #expect(inner.connectionCount == 0)
        }
    }
}
