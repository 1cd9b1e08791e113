// swift-tools-version: 6.3

import PackageDescription

let package = Package(
    name: "token-check",
    platforms: [.macOS(.v26)],
    dependencies: [
        // Without traits, nothing else is fetched. Outside this repository, write `url:` with the repository's URL.
        .package(name: "signet", path: "../..", traits: [])
    ],
    targets: [
        .executableTarget(name: "token-check", dependencies: [.product(name: "SignetVerifier", package: "signet")])
    ]
)
