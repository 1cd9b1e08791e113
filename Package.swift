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

let package = Package(
    name: "signet",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "SignetVerifier", targets: ["SignetVerifier"]),
        .library(name: "SignetVerifierHTTP", targets: ["SignetVerifierHTTP"]),
        .library(name: "SignetVerifierHummingbird", targets: ["SignetVerifierHummingbird"]),
        .library(name: "SignetTesting", targets: ["SignetTesting"]),
    ],
    traits: [
        // A consumer that only verifies says `traits: []` and neither fetches nor builds what it does not use.
        .default(enabledTraits: ["HTTPClient", "Hummingbird"]),
        .trait(name: "HTTPClient", description: "Fetch keys over AsyncHTTPClient: SignetVerifierHTTP."),
        .trait(name: "Hummingbird", description: "Middleware for Hummingbird: SignetVerifierHummingbird."),
    ],
    dependencies: [
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
    ],
    targets: [
        // C, contained: one module map and one shim header each.
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),

        // What both halves share.
        .target(name: "JOSE", swiftSettings: strict),
        .target(name: "RSAVerification", dependencies: ["COpenSSL"], swiftSettings: strict),

        // The verifier.
        .target(name: "SignetVerifier", dependencies: ["JOSE", "RSAVerification"], swiftSettings: strict),

        .target(
            name: "SignetVerifierHTTP",
            dependencies: [
                "SignetVerifier",
                .product(
                    name: "AsyncHTTPClient", package: "async-http-client", condition: .when(traits: ["HTTPClient"])),
            ],
            swiftSettings: strict),
        .target(
            name: "SignetVerifierHummingbird",
            dependencies: [
                "SignetVerifier",
                .product(name: "Hummingbird", package: "hummingbird", condition: .when(traits: ["Hummingbird"])),
            ],
            swiftSettings: strict),
        .target(
            name: "SignetTesting", dependencies: ["JOSE", "RSASigning", "RSAVerification", "SignetVerifier"],
            swiftSettings: strict),

        // Tests of the verifier.
        .testTarget(
            name: "SignetVerifierTests",
            dependencies: ["JOSE", "RSASigning", "RSAVerification", "SignetTesting", "SignetVerifier", "TestVectors"],
            swiftSettings: strict),
        .testTarget(
            name: "SignetTestingTests", dependencies: ["SignetTesting", "SignetVerifier"], swiftSettings: strict),

        // The issuer.
        .target(name: "RSASigning", dependencies: ["COpenSSL", "RSAVerification"], swiftSettings: strict),
        .target(name: "SignetStore", swiftSettings: strict),
        .target(name: "SignetStoreLMDB", dependencies: ["CLMDB", "SignetStore"], swiftSettings: strict),
        .target(
            name: "SignetIssuer",
            dependencies: ["CSodium", "JOSE", "RSASigning", "RSAVerification", "SignetStore", "SignetVerifier"],
            swiftSettings: strict),

        // Tests of what both halves share.
        .target(name: "TestVectors", path: "Tests/TestVectors", swiftSettings: strict),
        .testTarget(name: "JOSETests", dependencies: ["JOSE", "RSAVerification", "TestVectors"], swiftSettings: strict),
        .testTarget(name: "RSAVerificationTests", dependencies: ["RSAVerification", "TestVectors"], swiftSettings: strict),
        .testTarget(
            name: "RSASigningTests", dependencies: ["JOSE", "RSASigning", "RSAVerification", "TestVectors"],
            swiftSettings: strict),
    ]
)
