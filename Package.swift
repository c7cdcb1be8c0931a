// swift-tools-version: 6.2
import PackageDescription

// Each room answers one question, and arrows go one way only: docs/ARCHITECTURE.md has the picture,
// and a test compares this table with it.

/// Settings of every room: https://github.com/swiftlang/swift-evolution, SE-0335, SE-0409, SE-0444.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "kaunter",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "kaunter", targets: ["kaunter"]),
        .library(name: "KaunterClient", targets: ["KaunterAPI", "KaunterClient"]),
    ],
    dependencies: [
        // docs/decisions/0002-dependencies.md has a sentence for each.
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // What is true? Money, payments, merchants; decisions as pure functions.
        .target(name: "KaunterCore", swiftSettings: strict),

        // What is said on the wire? Messages, names, and the rule of `Sign`.
        .target(
            name: "KaunterAPI",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: strict),

        // Who says it? The merchant's SDK.
        .target(
            name: "KaunterClient",
            dependencies: [
                "KaunterAPI",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: strict),

        // How is SQL spoken? One face, two databases.
        .target(
            name: "KaunterDatabase",
            dependencies: [
                "CPostgreSQL",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),

        // What is remembered? The schema, and one repository for each noun.
        .target(
            name: "KaunterStorage",
            dependencies: ["KaunterCore", "KaunterDatabase"],
            resources: [.copy("Schema")],
            swiftSettings: strict),

        // How does money move outside?
        .target(name: "KaunterRails", dependencies: ["KaunterCore"], swiftSettings: strict),

        // What happens? One file for each act, one for each worker.
        .target(
            name: "KaunterEngine",
            dependencies: [
                "CLibCrypto", "KaunterCore", "KaunterAPI", "KaunterStorage", "KaunterRails",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ],
            swiftSettings: strict),

        // What is seen? The merchant API, the payer's pages, the operator's control socket.
        .target(
            name: "KaunterWeb",
            dependencies: [
                "KaunterCore", "KaunterAPI", "KaunterStorage", "KaunterEngine", "CQREncode",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            resources: [.copy("Templates"), .copy("Assets"), .copy("OpenAPI")],
            swiftSettings: strict),

        // How is it put together? Configuration, and the making of a running server.
        .target(
            name: "KaunterServer",
            dependencies: [
                "KaunterCore", "KaunterAPI", "KaunterDatabase", "KaunterStorage", "KaunterRails",
                "KaunterEngine", "KaunterWeb",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),

        // What can the operator ask? Parsing and printing.
        .executableTarget(
            name: "kaunter",
            dependencies: [
                "KaunterCore", "KaunterAPI", "KaunterStorage", "KaunterWeb", "KaunterServer",
                "KaunterClient", "CZlib",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: strict),

        // How fast are the books? A program of `make bench`.
        .executableTarget(
            name: "LedgerBench",
            dependencies: [
                "KaunterAPI", "KaunterCore", "KaunterEngine", "KaunterServer", "KaunterStorage",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/Ledger", swiftSettings: strict),

        // What all tests share: fresh databases, a clock set by hand, houses ready to use.
        .target(
            name: "TestSupport",
            dependencies: [
                "KaunterCore", "KaunterAPI", "KaunterDatabase", "KaunterStorage", "KaunterRails",
                "KaunterEngine",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Support", swiftSettings: strict),
        .testTarget(
            name: "KaunterCoreTests", dependencies: ["KaunterCore", "TestSupport"],
            exclude: ["Catalogue/deposit-codes.tsv"], swiftSettings: strict),
        .testTarget(name: "KaunterAPITests", dependencies: ["KaunterAPI"], swiftSettings: strict),
        .testTarget(
            name: "KaunterClientTests",
            dependencies: [
                "KaunterClient", "KaunterAPI",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "KaunterDatabaseTests",
            dependencies: [
                "KaunterDatabase", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "KaunterStorageTests",
            dependencies: ["KaunterStorage", "KaunterCore", "KaunterDatabase", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "KaunterRailsTests", dependencies: ["KaunterRails", "KaunterCore"],
            swiftSettings: strict),
        .testTarget(
            name: "KaunterEngineTests",
            dependencies: [
                "KaunterEngine", "KaunterCore", "KaunterAPI", "KaunterDatabase", "KaunterStorage",
                "KaunterRails", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "KaunterWebTests",
            dependencies: [
                "KaunterWeb", "KaunterCore", "KaunterAPI", "KaunterClient", "KaunterDatabase",
                "KaunterStorage", "KaunterRails", "KaunterEngine", "TestSupport",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            exclude: ["__Goldens__"], swiftSettings: strict),
        .testTarget(
            name: "KaunterServerTests",
            dependencies: [
                "KaunterServer", "KaunterAPI", "KaunterCore", "KaunterDatabase", "KaunterStorage",
                "KaunterEngine", "KaunterWeb", "TestSupport",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ScenarioTests",
            dependencies: [
                "KaunterServer", "KaunterClient", "KaunterCore", "KaunterAPI", "KaunterDatabase",
                "KaunterStorage", "KaunterEngine", "KaunterWeb", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "KaunterCore", "KaunterAPI", "KaunterDatabase", "KaunterStorage", "KaunterRails",
                "KaunterEngine", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),

        // The system's libraries.
        .systemLibrary(
            name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    ],
    swiftLanguageModes: [.v6]
)
