// swift-tools-version: 6.3

import PackageDescription

let package = Package(
    name: "orders",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(url: "https://example.com/signet.git", branch: "main", traits: ["HTTPClient", "Hummingbird"]),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
    ],
    targets: [
        .executableTarget(
            name: "orders",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "SignetVerifier", package: "signet"),
                .product(name: "SignetVerifierHTTP", package: "signet"),
                .product(name: "SignetVerifierHummingbird", package: "signet"),
            ]),
        .testTarget(
            name: "OrdersTests", dependencies: ["orders", .product(name: "SignetTesting", package: "signet")]),
    ]
)
