// swift-tools-version: 6.3

import PackageDescription

// A package of its own, so that what it compares Signet with is never fetched for the product.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

let package = Package(
    name: "signet-benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "signet", path: "..", traits: []),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/vapor/jwt-kit.git", exact: "5.7.1"),
    ],
    targets: [
        .target(name: "CFloor", linkerSettings: [.linkedLibrary("crypto")]),
        .executableTarget(
            name: "signet-benchmarks",
            dependencies: [
                "CFloor",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "SignetTesting", package: "signet"),
                .product(name: "SignetVerifier", package: "signet"),
            ],
            swiftSettings: strict),
    ]
)
