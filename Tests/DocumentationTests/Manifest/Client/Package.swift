// swift-tools-version: 6.3

import PackageDescription

let package = Package(
    name: "orders-command",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(url: "https://example.com/signet.git", branch: "main", traits: ["HTTPClient"])
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
