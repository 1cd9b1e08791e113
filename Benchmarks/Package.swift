// swift-tools-version: 6.3

import PackageDescription

// The benchmarks are a package of their own, so that users of Signet do not fetch the libraries it is compared with.
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
        .target(name: "BenchmarkRun", swiftSettings: strict),
        .executableTarget(
            name: "signet-benchmarks",
            dependencies: [
                "BenchmarkRun", "CFloor",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "SignetTesting", package: "signet"),
                .product(name: "SignetVerifier", package: "signet"),
            ],
            swiftSettings: strict),
    ]
)
