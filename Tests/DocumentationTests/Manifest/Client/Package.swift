// swift-tools-version: 6.3

import PackageDescription

let package = Package(
    name: "orders-command",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(url: "https://example.com/signet.git", from: "0.1.0", traits: ["HTTPClient"])
    ],
    targets: [
        .executableTarget(
            name: "orders-command",
            dependencies: [
                .product(name: "SignetClient", package: "signet"),
                .product(name: "SignetVerifierHTTP", package: "signet"),
            ])
    ]
)
