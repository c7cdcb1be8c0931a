import Foundation
import KaunterAPI
import KaunterCore
import TestSupport
import Testing

@testable import KaunterServer

@Suite("The configuration")
struct ConfigurationTests {
    private func faults(_ text: String) -> [String] {
        do {
            _ = try Configuration(parsing: Array(text.utf8))
            return []
        } catch let fault as ConfigurationFault {
            return fault.faults
        } catch {
            return ["\(error)"]
        }
    }

    /// Writes a configuration file and reads it with flags and an environment.
    private func read(
        file text: String?, _ environment: [String: String] = [:],
        flags change: (inout ConfigurationFlags) -> Void = { _ in }
    ) throws -> Configuration {
        var flags = ConfigurationFlags()
        if let text {
            let file = try TestFolder.make().appending(path: "kaunter.json")
            try Data(text.utf8).write(to: file)
            flags.configurationFile = file.path
        }
        change(&flags)
        return try Configuration(flags: flags, environment: environment)
    }

    @Test("without any source there are the defaults")
    func defaults() throws {
        let configuration = try read(file: nil)
        #expect(configuration == Configuration())
        #expect(configuration.publicURL == "http://127.0.0.1:8080")
        #expect(configuration.database.folder == "./kaunter-data")
        #expect(configuration.log.level == .info)
        #expect(faults("{}").isEmpty)
    }

    @Test("the example is the file in the repository, and says the defaults")
    func example() throws {
        let text = Configuration.exampleText
        #expect(try Configuration(parsing: Array(text.utf8)) == Configuration())
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = try Data(contentsOf: root.appending(path: "kaunter.example.json"))
        #expect(String(decoding: file, as: UTF8.self) == text + "\n")
    }

    @Test("each key of the example has a meaning beside it")
    func exampleMeanings() throws {
        let sections = Configuration.example.objectValue?.members ?? []
        #expect(
            sections.map(\.key) == [
                "listen", "database", "keys", "limits", "money", "notifications", "log",
            ])
        for section in sections {
            let keys = section.value.objectValue?.keys ?? []
            for key in keys where !key.hasPrefix("//") { #expect(keys.contains("// \(key)")) }
        }
    }

    @Test("every key is read")
    func everyKey() throws {
        let configuration = try Configuration(
            parsing: Array(
                """
                {
                  "listen": {
                    "address": "[::1]:9000", "public_url": "https://pay.example/",
                    "metrics_address": "127.0.0.1:9001", "connections": 100
                  },
                  "database": {"data": "/srv/kaunter", "url": "postgresql://x", "connections": 3},
                  "keys": {"master_key_file": "/etc/kaunter/master.key"},
                  "limits": {"account_requests_per_second": 5, "stranger_requests_per_second": 6},
                  "money": {
                    "service_tax_percent": "8", "holidays": ["2026-08-31"],
                    "payout_approval_above": "50000.00", "further_payout_banks": ["MBB"]
                  },
                  "log": {"level": "warning"}
                }
                """.utf8))
        var expected = Configuration()
        expected.listen.address = ListenAddress(host: "::1", port: 9000)
        expected.listen.publicURL = "https://pay.example"
        expected.listen.metricsAddress = ListenAddress(host: "127.0.0.1", port: 9001)
        expected.listen.connections = 100
        expected.database.folder = "/srv/kaunter"
        expected.database.url = Secret("postgresql://x")
        expected.database.connections = 3
        expected.keys.masterKeyFile = "/etc/kaunter/master.key"
        expected.limits.accountRequestsPerSecond = 5
        expected.limits.strangerRequestsPerSecond = 6
        expected.money.serviceTax = Percentage(clamping: 80_000)
        expected.money.holidays = [try #require(MalaysianDay("2026-08-31"))]
        expected.money.approvalAbove = .sen(5_000_000)
        expected.money.furtherBanks = ["MBB"]
        expected.log.level = .warning
        #expect(configuration == expected)
    }

    @Test(
        "what money is reckoned with is read exactly, or refused",
        arguments: [
            #"{"service_tax_percent": 8}"#, #"{"service_tax_percent": "8%"}"#,
            #"{"service_tax_percent": "100.1"}"#, #"{"holidays": "2026-08-31"}"#,
            #"{"holidays": ["2026-02-30"]}"#, #"{"holidays": [20260831]}"#,
            #"{"payout_approval_above": "1.234"}"#, #"{"payout_approval_above": 5}"#,
            #"{"further_payout_banks": ["BIMB"]}"#, #"{"further_payout_banks": ["XYZ"]}"#,
        ])
    func money(_ section: String) {
        #expect(faults(#"{"money": \#(section)}"#).count == 1)
    }

    @Test("a list of holidays that has none of this year is warned of")
    func holidays() throws {
        let now = ManualClock()
        let surroundings = Surroundings.fixed(clock: now)
        var money = MoneyConfiguration()
        #expect(money.warnings(at: surroundings).count == 1)
        money.holidays = [now.now.malaysianDay]
        #expect(money.warnings(at: surroundings) == [])
    }

    @Test("all faults are told at once, each with its key's path")
    func allFaults() {
        let text = """
            {
              "listen": {"address": "nowhere", "public_url": "pay.example", "connections": 1,
                         "metrics_address": "127.0.0.1", "port": 8080},
              "database": {"data": "", "url": 5, "connections": "8"},
              "keys": [],
              "limits": {"account_requests_per_second": 1.5, "stranger_requests_per_second": 0},
              "log": {"level": "loud"},
              "logging": {}
            }
            """
        #expect(
            faults(text) == [
                "listen.address must be HOST:PORT",
                "listen.public_url must be http(s)://host[:port], without a path",
                "listen.metrics_address must be HOST:PORT",
                "listen.connections must be a whole number from 16 to 100000",
                "listen.port is no key that is known",
                "database.data must be a text that is not empty",
                "database.url must be a text that is not empty",
                "database.connections must be a whole number from 2 to 500",
                "keys must be an object",
                "limits.account_requests_per_second must be a whole number from 1 to 1000000",
                "limits.stranger_requests_per_second must be a whole number from 1 to 1000000",
                "log.level must be one of debug, info, warning, error",
                "logging is no key that is known",
            ])
    }

    @Test(
        "what is no JSON object says so", arguments: ["", "{", "[]", "7", #"{"log":{},"log":{}}"#])
    func notJSON(_ text: String) {
        #expect(faults(text).count == 1)
    }

    @Test("a comment is a key that begins with //")
    func comments() {
        #expect(faults(#"{"// why": 1, "log": {"//": [], "level": null}}"#).isEmpty)
    }

    @Test("a file that is missing or too large is told by its name")
    func files() throws {
        let huge = "{" + String(repeating: " ", count: 256 * 1024) + "}"
        #expect(throws: ConfigurationFault.self) { try read(file: huge) }
        let missing = "/nonexistent/kaunter.json"
        #expect(throws: ConfigurationFault(["\(missing): the file can't be read"])) {
            try Configuration(reading: missing)
        }
        do {
            _ = try read(file: #"{"log":{"level":1},"x":1}"#)
            Issue.record("the faults were not told")
        } catch let fault as ConfigurationFault {
            #expect(fault.faults.count == 2)
            #expect(fault.faults.allSatisfy { $0.contains("/kaunter.json: ") })
        }
    }

    @Test("flags win over the environment, that over the file, that over the defaults")
    func precedence() throws {
        let file = #"""
            {"listen":{"address":"127.0.0.1:1","public_url":"https://file.example"},
             "database":{"data":"file","url":"postgresql://file"},
             "keys":{"master_key_file":"file.key"}}
            """#
        let environment = [Configuration.databaseURLVariable: "postgresql://environment"]
        let fromFile = try read(file: file)
        #expect(fromFile.database.url?.revealed == "postgresql://file")
        #expect(fromFile.publicURL == "https://file.example")
        let fromEnvironment = try read(file: file, environment)
        #expect(fromEnvironment.database.url?.revealed == "postgresql://environment")
        #expect(fromEnvironment.database.folder == "file")
        let fromFlags = try read(file: file, environment) {
            $0.databaseURL = "postgresql://flag"
            $0.dataFolder = "flag"
            $0.masterKeyFile = "flag.key"
            $0.listen = "127.0.0.1:2"
            $0.publicURL = "https://flag.example"
        }
        #expect(fromFlags.database.url?.revealed == "postgresql://flag")
        #expect(fromFlags.database.folder == "flag")
        #expect(fromFlags.keys.masterKeyFile == "flag.key")
        #expect(fromFlags.listen.address.port == 2)
        #expect(fromFlags.publicURL == "https://flag.example")
        let empty = try read(file: file, [Configuration.databaseURLVariable: ""])
        #expect(empty.database.url?.revealed == "postgresql://file")
    }

    @Test("what is wrong with the flags is told together")
    func wrongFlags() {
        #expect(
            throws: ConfigurationFault([
                "--listen must be HOST:PORT",
                "--public-url must be http(s)://host[:port], without a path",
            ])
        ) {
            try read(file: nil) {
                $0.listen = "8080"
                $0.publicURL = "https://pay.example/path"
            }
        }
    }

    @Test("the password of a database is never printed, and in no fault")
    func secrets() throws {
        let url = "postgresql://kaunter:t0ps3cret@db/kaunter"
        var configuration = try read(file: nil, [Configuration.databaseURLVariable: url])
        #expect(configuration.database.url?.revealed == url)
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("t0ps3cret"))
        }
        configuration.database.url = nil
        let faults = faults(#"{"database":{"url":["\#(url)"],"\#(url)":1}}"#)
        #expect(faults.contains("database.url must be a text that is not empty"))
    }
}
