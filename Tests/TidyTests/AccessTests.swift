import Testing

@Suite("Each room keeps to what is its own")
struct AccessTests {
    @Test("only what merchants import is public")
    func publicWords() throws {
        expectTidy(try Repository.swiftFiles().flatMap(AccessRules.publicWords))
    }

    @Test("the environment is read where configuration is made, and nowhere else")
    func environment() throws {
        expectTidy(try Repository.swiftFiles().flatMap(AccessRules.environment))
    }

    @Test("time, chance and pauses come in through the surroundings")
    func realWorld() throws {
        expectTidy(try Repository.swiftFiles().flatMap(AccessRules.realWorld))
    }

    @Test("only the executable prints")
    func printing() throws {
        expectTidy(try Repository.swiftFiles().flatMap(AccessRules.printing))
    }

    @Test("each file with leave to ask the real world is there")
    func allowances() {
        #expect(Allowances.realWorldFiles.filter { !Repository.holds($0) } == [])
    }

    @Test(
        "public is found in a room of our own, not in a merchant's",
        arguments: [
            ("public struct Key {}", true), ("    public private(set) var x = 1", true),
            ("open class Key {}", true), ("public import Crypto", true),
            ("package struct Key {}", false), ("key.public.text", false),
            ("// public is a word too", false), ("case open", false),
            ("let publicKey = open(path)", false),
        ])
    func publicSample(line: String, isFault: Bool) {
        let ours = SwiftFile(path: "Sources/KaunterEngine/A.swift", text: line)
        let theirs = SwiftFile(path: "Sources/KaunterAPI/A.swift", text: line)
        #expect(AccessRules.publicWords(ours).isEmpty != isFault)
        #expect(AccessRules.publicWords(theirs) == [])
    }

    @Test("a reading of the environment is found, but not where configuration is made")
    func environmentSample() {
        let text = "let home = ProcessInfo.processInfo.environment"
        let web = SwiftFile(path: "Sources/KaunterWeb/A.swift", text: text)
        let server = SwiftFile(path: "Sources/KaunterServer/A.swift", text: text)
        #expect(AccessRules.environment(web).count == 1)
        #expect(AccessRules.environment(server) == [])
    }

    @Test(
        "the real world is found in each of its forms",
        arguments: [
            ("let now = Date()", true), ("let now = Foundation.Date.now", true),
            ("let id = UUID()", true), ("let dice = Int.random(in: 1...6)", true),
            ("try await Task.sleep(for: .seconds(1))", true), ("let start = startDate()", false),
            ("let id = UUID(uuidString: text)", false), ("let text = \"Date()\"", false),
            ("let now = surroundings.now()", false), ("keys.randomBytes(32)", false),
        ])
    func realWorldSample(line: String, isFault: Bool) {
        let file = SwiftFile(path: "Sources/KaunterEngine/A.swift", text: line)
        #expect(AccessRules.realWorld(file).isEmpty != isFault)
        for path in Allowances.realWorldFiles {
            #expect(AccessRules.realWorld(SwiftFile(path: path, text: line)) == [])
        }
    }

    @Test("printing is found, but not in the executable")
    func printingSample() {
        let text = "print(total)\nsheet.print(total)\nblueprint(total)\n"
        let engine = SwiftFile(path: "Sources/KaunterEngine/A.swift", text: text)
        let executable = SwiftFile(path: "Sources/kaunter/A.swift", text: text)
        #expect(AccessRules.printing(engine).map(\.line) == [1])
        #expect(AccessRules.printing(executable) == [])
    }
}
