import ArgumentParser
import Foundation
import KaunterAPI
import KaunterServer
import KaunterWeb

/// `kaunter ledger`
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Give the books to whoever wants to check them.",
        subcommands: [Export.self])

    /// `kaunter ledger export`
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write all that is sealed, one JSON value on each line.",
            discussion: """
                Ids, numbers and digests: no names, no account numbers, no words of operators. \
                Examples/verify-ledger checks such a file without Kaunter.

                Example:
                  kaunter ledger export --to books.jsonl
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("The file, which must not exist.", valueName: "file"))
        var to: String

        func run() async throws {
            let descriptor = open(to, O_WRONLY | O_CREAT | O_EXCL, 0o600)
            guard descriptor >= 0 else {
                throw CommandFailure(
                    cantCreate: "\(to) can't be made: \(String(cString: strerror(errno))).")
            }
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            var seals: Int64 = 0
            var items: Int64 = 0
            while let page = try await page(after: seals) {
                try file.write(contentsOf: Data(page.text.utf8))
                seals = page.seal
                items += page.items
            }
            store.show(["seals": .integer(seals), "items": .integer(items), "file": .string(to)])
        }

        /// The lines of the next seal; nil after the last.
        private func page(
            after number: Int64
        ) async throws -> (text: String, seal: Int64, items: Int64)? {
            let answer = try await store.perform(.exportSeal, ["after": .integer(number)])
            guard let seal = answer["seal"]?.objectValue,
                let next = seal["number"]?.integerValue
            else { return nil }
            let items = answer["items"]?.arrayValue ?? []
            let lines = [JSONValue.object(seal).text] + items.map(\.text)
            return (lines.map { $0 + "\n" }.joined(), next, Int64(items.count))
        }
    }
}
