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
    ],
    traits: [
        .trait(name: "Issuer", description: "The identity service itself; without it only the verifier is built."),
        .default(enabledTraits: ["Issuer"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
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

        // The issuer.
        .target(name: "RSASigning", dependencies: ["COpenSSL", "RSAVerification"], swiftSettings: strict),
        .target(name: "SignetStore", swiftSettings: strict),
        .target(name: "SignetStoreLMDB", dependencies: ["CLMDB", "SignetStore"], swiftSettings: strict),
        .target(
            name: "SignetIssuer",
            dependencies: [
                "CSodium", "JOSE", "RSASigning", "RSAVerification", "SignetStore", "SignetVerifier",
                .product(name: "Logging", package: "swift-log", condition: .when(traits: ["Issuer"])),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SignetIssuerTests",
            dependencies: [
                "JOSE", "RSASigning", "RSAVerification", "SignetIssuer", "SignetStore", "SignetStoreLMDB",
                "SignetVerifier",
                .product(name: "InMemoryLogging", package: "swift-log", condition: .when(traits: ["Issuer"])),
                .product(name: "Logging", package: "swift-log", condition: .when(traits: ["Issuer"])),
            ],
            swiftSettings: strict),

        // The store's tests: one contract for every backend, and a process of its own to be killed.
        .target(name: "StoreContract", dependencies: ["SignetStore"], path: "Tests/StoreContract", swiftSettings: strict),
        .target(name: "CDiskFaults", path: "Tests/CDiskFaults"),
        .executableTarget(
            name: "store-process", dependencies: ["CDiskFaults", "SignetStore", "SignetStoreLMDB"],
            path: "Tests/StoreProcess", swiftSettings: strict),
        .testTarget(name: "SignetStoreTests", dependencies: ["SignetStore"], swiftSettings: strict),
        .testTarget(
            name: "SignetStoreLMDBTests",
            dependencies: ["SignetStore", "SignetStoreLMDB", "StoreContract", "store-process"], swiftSettings: strict),

        // Tests of what both halves share.
        .target(name: "TestVectors", path: "Tests/TestVectors", swiftSettings: strict),
        .testTarget(name: "JOSETests", dependencies: ["JOSE", "RSAVerification", "TestVectors"], swiftSettings: strict),
        .testTarget(name: "RSAVerificationTests", dependencies: ["RSAVerification", "TestVectors"], swiftSettings: strict),
        .testTarget(
            name: "RSASigningTests", dependencies: ["JOSE", "RSASigning", "RSAVerification", "TestVectors"],
            swiftSettings: strict),
    ]
)
