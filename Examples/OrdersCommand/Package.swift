// swift-tools-version: 6.3

import PackageDescription

let package = Package(
    name: "orders-command",
    platforms: [.macOS(.v26)],
    dependencies: [
        // Without traits, nothing else is fetched. Outside this repository, write `url:` with the repository's URL.
        .package(name: "signet", path: "../..", traits: [])
    ],
    targets: [
        .executableTarget(name: "orders-command", dependencies: [.product(name: "SignetClient", package: "signet")])
    ]
)
