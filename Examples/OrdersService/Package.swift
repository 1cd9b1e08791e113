// swift-tools-version: 6.3

import PackageDescription

let package = Package(
    name: "orders-service",
    platforms: [.macOS(.v26)],
    dependencies: [
        // In a service outside this repository, write `url:` with the repository's URL instead of `path:`.
        .package(name: "signet", path: "../..", traits: ["HTTPClient", "Hummingbird"]),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
    ],
    targets: [
        .executableTarget(
            name: "orders-service",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SignetVerifier", package: "signet"),
                .product(name: "SignetVerifierHTTP", package: "signet"),
                .product(name: "SignetVerifierHummingbird", package: "signet"),
                .product(name: "SignetVerifierOperations", package: "signet"),
            ]),
        .testTarget(
            name: "OrdersServiceTests",
            dependencies: [
                "orders-service",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "SignetTesting", package: "signet"),
            ]),
    ]
)
