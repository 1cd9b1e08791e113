// swift-tools-version: 6.3

import PackageDescription

/// One list for every Swift target: a warning is an error, and unsafe code says so where it stands.
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

// What a consumer does not ask for by trait is neither fetched nor built: a service that only verifies says
// `traits: []`.
let issuer: TargetDependencyCondition? = .when(traits: ["Issuer"])
let httpClient: TargetDependencyCondition? = .when(traits: ["HTTPClient"])
let hummingbird: TargetDependencyCondition? = .when(traits: ["Hummingbird"])

let package = Package(
    name: "signet",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "SignetVerifier", targets: ["SignetVerifier"]),
        .library(name: "SignetVerifierHTTP", targets: ["SignetVerifierHTTP"]),
        .library(name: "SignetVerifierHummingbird", targets: ["SignetVerifierHummingbird"]),
        .library(name: "SignetClient", targets: ["SignetClient"]),
        .library(name: "SignetTesting", targets: ["SignetTesting"]),
        .executable(name: "signet", targets: ["signet"]),
    ],
    traits: [
        .trait(name: "HTTPClient", description: "SignetVerifierHTTP: fetch keys over AsyncHTTPClient."),
        .trait(name: "Hummingbird", description: "SignetVerifierHummingbird: middleware for Hummingbird."),
        .trait(
            name: "Issuer", description: "The issuer: the signet executable and everything that only it needs.",
            enabledTraits: ["HTTPClient", "Hummingbird"]),
        .default(enabledTraits: ["Issuer"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        // C, contained: one module map and one shim header each.
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),

        // What both halves share.
        .target(name: "JOSE", swiftSettings: strict),
        .target(name: "RSAVerification", dependencies: ["COpenSSL"], swiftSettings: strict),
        .target(name: "StatusList", dependencies: ["CZlib"], swiftSettings: strict),

        // The verifier.
        .target(
            name: "SignetVerifier", dependencies: ["JOSE", "RSAVerification", "StatusList"], swiftSettings: strict),
        .target(
            name: "SignetVerifierHTTP",
            dependencies: [
                "SignetVerifier",
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: httpClient),
                .product(name: "NIOCore", package: "swift-nio", condition: httpClient),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: httpClient),
            ],
            swiftSettings: strict),
        .target(
            name: "SignetVerifierHummingbird",
            dependencies: [
                "SignetVerifier",
                .product(name: "HTTPTypes", package: "swift-http-types", condition: hummingbird),
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
                .product(name: "Logging", package: "swift-log", condition: hummingbird),
            ],
            swiftSettings: strict),
        .target(
            name: "SignetTesting",
            dependencies: ["JOSE", "RSASigning", "RSAVerification", "SignetVerifier", "StatusList"],
            swiftSettings: strict),

        // The client.
        .target(name: "SignetClient", dependencies: ["JOSE", "SignetVerifier"], swiftSettings: strict),

        // The issuer.
        .target(name: "RSASigning", dependencies: ["COpenSSL", "RSAVerification"], swiftSettings: strict),
        .target(name: "SignetStore", swiftSettings: strict),
        .target(
            name: "SignetStoreLMDB",
            dependencies: [
                "CLMDB", "SignetStore",
                .product(name: "CoreMetrics", package: "swift-metrics", condition: issuer),
            ],
            swiftSettings: strict),
        .target(
            name: "PrometheusExposition",
            dependencies: [.product(name: "CoreMetrics", package: "swift-metrics", condition: issuer)],
            swiftSettings: strict),
        .target(
            name: "SignetIssuer",
            dependencies: [
                "CSodium", "JOSE", "RSASigning", "RSAVerification", "SignetStore", "SignetVerifier", "StatusList",
                .product(name: "CoreMetrics", package: "swift-metrics", condition: issuer),
                .product(name: "Logging", package: "swift-log", condition: issuer),
            ],
            swiftSettings: strict),
        .target(
            name: "SignetServer",
            dependencies: [
                "JOSE", "PrometheusExposition", "SignetIssuer", "SignetStore", "SignetVerifier",
                .product(name: "Configuration", package: "swift-configuration", condition: issuer),
                .product(name: "CoreMetrics", package: "swift-metrics", condition: issuer),
                .product(name: "HTTPTypes", package: "swift-http-types", condition: issuer),
                .product(name: "Hummingbird", package: "hummingbird", condition: issuer),
                .product(name: "HummingbirdCore", package: "hummingbird", condition: issuer),
                .product(name: "Logging", package: "swift-log", condition: issuer),
                .product(name: "NIOCore", package: "swift-nio", condition: issuer),
                .product(name: "NIOPosix", package: "swift-nio", condition: issuer),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: issuer),
                .product(name: "UnixSignals", package: "swift-service-lifecycle", condition: issuer),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "signet",
            dependencies: [
                "JOSE", "PrometheusExposition", "SignetIssuer", "SignetServer", "SignetStore", "SignetStoreLMDB",
                "SignetVerifier", "SignetVerifierHTTP",
                .product(name: "ArgumentParser", package: "swift-argument-parser", condition: issuer),
                .product(name: "Configuration", package: "swift-configuration", condition: issuer),
                .product(name: "Logging", package: "swift-log", condition: issuer),
            ],
            swiftSettings: strict),

        // Benchmarks of what is no product; those of products are a package of their own in Benchmarks.
        .target(
            name: "CSigningFloor", path: "Benchmarks/CSigningFloor", linkerSettings: [.linkedLibrary("crypto")]),
        .executableTarget(
            name: "issuer-benchmarks",
            dependencies: [
                "CSigningFloor", "SignetIssuer", "SignetStore", "SignetStoreLMDB",
                .product(name: "ArgumentParser", package: "swift-argument-parser", condition: issuer),
                .product(name: "Logging", package: "swift-log", condition: issuer),
            ],
            path: "Benchmarks/Issuer", swiftSettings: strict),

        // Tests of what both halves share.
        .target(name: "TestVectors", path: "Tests/TestVectors", swiftSettings: strict),
        .testTarget(
            name: "JOSETests", dependencies: ["JOSE", "RSAVerification", "TestVectors"], swiftSettings: strict),
        .testTarget(
            name: "RSAVerificationTests", dependencies: ["RSAVerification", "TestVectors"], swiftSettings: strict),
        .testTarget(
            name: "RSASigningTests", dependencies: ["JOSE", "RSASigning", "RSAVerification", "TestVectors"],
            swiftSettings: strict),

        .testTarget(name: "StatusListTests", dependencies: ["StatusList"], swiftSettings: strict),

        // Tests of the verifier.
        .testTarget(
            name: "SignetVerifierTests",
            dependencies: [
                "JOSE", "RSASigning", "RSAVerification", "SignetTesting", "SignetVerifier", "StatusList", "TestVectors",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SignetVerifierHTTPTests",
            dependencies: [
                "SignetTesting", "SignetVerifier", "SignetVerifierHTTP",
                .product(name: "NIOCore", package: "swift-nio", condition: httpClient),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: httpClient),
                .product(name: "NIOPosix", package: "swift-nio", condition: httpClient),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SignetVerifierHummingbirdTests",
            dependencies: [
                "SignetTesting", "SignetVerifier", "SignetVerifierHTTP", "SignetVerifierHummingbird",
                .product(name: "HTTPTypes", package: "swift-http-types", condition: hummingbird),
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
                .product(name: "HummingbirdTesting", package: "hummingbird", condition: hummingbird),
                .product(name: "InMemoryLogging", package: "swift-log", condition: hummingbird),
                .product(name: "Logging", package: "swift-log", condition: hummingbird),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SignetTestingTests", dependencies: ["SignetTesting", "SignetVerifier"], swiftSettings: strict),
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "SignetClient", "SignetTesting", "SignetVerifier", "SignetVerifierHTTP", "SignetVerifierHummingbird",
                .product(name: "HTTPTypes", package: "swift-http-types", condition: hummingbird),
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
                .product(name: "HummingbirdTesting", package: "hummingbird", condition: hummingbird),
                .product(name: "Logging", package: "swift-log", condition: hummingbird),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: httpClient),
            ],
            exclude: ["Manifest"], swiftSettings: strict),

        // Tests of the client.
        .testTarget(
            name: "SignetClientTests", dependencies: ["JOSE", "SignetClient", "SignetVerifier"], swiftSettings: strict),

        // Tests of the issuer. The store has one contract for every backend, and a process of its own to be killed.
        .target(
            name: "StoreContract", dependencies: ["SignetStore"], path: "Tests/StoreContract", swiftSettings: strict),
        .target(name: "CDiskFaults", path: "Tests/CDiskFaults"),
        .executableTarget(
            name: "store-process", dependencies: ["CDiskFaults", "SignetStore", "SignetStoreLMDB"],
            path: "Tests/StoreProcess", swiftSettings: strict),
        .testTarget(
            name: "PrometheusExpositionTests",
            dependencies: [
                "PrometheusExposition", .product(name: "CoreMetrics", package: "swift-metrics", condition: issuer),
            ],
            swiftSettings: strict),
        .testTarget(name: "SignetStoreTests", dependencies: ["SignetStore"], swiftSettings: strict),
        .testTarget(
            name: "SignetStoreLMDBTests",
            dependencies: ["PrometheusExposition", "SignetStore", "SignetStoreLMDB", "StoreContract", "store-process"],
            swiftSettings: strict),
        // Keys have a process of their own to be killed, too.
        .target(name: "CFileFaults", path: "Tests/CFileFaults"),
        .executableTarget(
            name: "keyring-process", dependencies: ["CFileFaults", "SignetIssuer", "SignetStore"],
            path: "Tests/KeyringProcess", swiftSettings: strict),
        .executableTarget(
            name: "rotation-verifier", dependencies: ["SignetVerifier", "SignetVerifierHTTP"],
            path: "Tests/RotationVerifier", swiftSettings: strict),
        // And so has a session.
        .executableTarget(
            name: "session-process", dependencies: ["CFileFaults", "SignetClient", "SignetVerifierHTTP"],
            path: "Tests/SessionProcess", swiftSettings: strict),
        .testTarget(
            name: "SignetIssuerTests",
            dependencies: [
                "JOSE", "PrometheusExposition", "RSASigning", "RSAVerification", "SignetIssuer", "SignetStore",
                "SignetStoreLMDB", "SignetVerifier", "StatusList", "keyring-process",
                .product(name: "InMemoryLogging", package: "swift-log", condition: issuer),
                .product(name: "Logging", package: "swift-log", condition: issuer),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SignetServerTests",
            dependencies: [
                "SignetIssuer", "SignetServer", "SignetStore", "SignetStoreLMDB",
                .product(name: "Configuration", package: "swift-configuration", condition: issuer),
                .product(name: "HTTPTypes", package: "swift-http-types", condition: issuer),
                .product(name: "InMemoryLogging", package: "swift-log", condition: issuer),
                .product(name: "Logging", package: "swift-log", condition: issuer),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "SignetClient", "SignetIssuer", "SignetServer", "SignetStore", "SignetStoreLMDB", "SignetVerifierHTTP",
                "session-process", "signet",
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: issuer),
                .product(name: "HTTPTypes", package: "swift-http-types", condition: issuer),
                .product(name: "Logging", package: "swift-log", condition: issuer),
                .product(name: "NIOCore", package: "swift-nio", condition: issuer),
                .product(name: "NIOFoundationCompat", package: "swift-nio", condition: issuer),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: issuer),
                .product(name: "NIOPosix", package: "swift-nio", condition: issuer),
                .product(name: "Yams", package: "Yams", condition: issuer),
            ],
            swiftSettings: strict),
    ]
)
