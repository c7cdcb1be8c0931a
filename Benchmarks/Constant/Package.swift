// swift-tools-version: 6.2
import PackageDescription

// The yardstick of `make bench`: what the HTTP framework alone gives, in the versions of the house.
// A package of its own, so that no room depends on it.

let package = Package(
    name: "constant",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    ],
    targets: [
        .executableTarget(
            name: "Constant",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
