// swift-tools-version: 6.3

import PackageDescription

// A consumer fetches and builds only the packages behind the traits that it enables. A consumer that names no traits gets
// the verifier and the client alone. In a clone of this repository, `swift build` builds the issuer, too.

/// Whether SwiftPM reads this manifest for a package that names the URL of this repository as a dependency. SwiftPM
/// first reads the manifest without a checkout, and gives `/` as its directory. Then it makes a checkout in a directory
/// called `checkouts`. In any other place the package is a clone.
let isFetched =
    Context.packageDirectory == "/" || Context.packageDirectory.split(separator: "/").dropLast().last == "checkouts"

let ifIssuer: TargetDependencyCondition? = .when(traits: ["Issuer"])
let ifHTTPClient: TargetDependencyCondition? = .when(traits: ["HTTPClient"])
let ifHummingbird: TargetDependencyCondition? = .when(traits: ["Hummingbird"])
let ifOperations: TargetDependencyCondition? = .when(traits: ["Operations"])

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser", condition: ifIssuer)
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics", condition: ifIssuer)

/// The settings of every Swift target: a warning is an error, and unsafe code is marked where it stands.
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
    platforms: [.macOS(.v26), .iOS(.v26), .tvOS(.v26), .watchOS(.v26), .visionOS(.v26)],
    products: [
        .library(name: "SignetVerifier", targets: ["SignetVerifier"]),
        .library(name: "SignetVerifierHTTP", targets: ["SignetVerifierHTTP"]),
        .library(name: "SignetVerifierHummingbird", targets: ["SignetVerifierHummingbird"]),
        .library(name: "SignetVerifierOperations", targets: ["SignetVerifierOperations"]),
        .library(name: "SignetClient", targets: ["SignetClient"]),
        .library(name: "SignetTesting", targets: ["SignetTesting"]),
        .executable(name: "signet", targets: ["signet"]),
    ],
    traits: [
        .trait(name: "HTTPClient", description: "SignetVerifierHTTP: fetch keys over AsyncHTTPClient."),
        .trait(
            name: "Hummingbird", description: "SignetVerifierHummingbird: middleware for Hummingbird.",
            enabledTraits: ["Operations"]),
        .trait(
            name: "Operations", description: "SignetVerifierOperations: logs, metrics and warm-up of a verifier."),
        .trait(
            name: "Issuer", description: "The issuer: the signet executable and everything that only it needs.",
            enabledTraits: ["HTTPClient", "Hummingbird"]),
        .default(enabledTraits: isFetched ? [] : ["Issuer"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        // C libraries: a module map and a shim header each.
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "COpenSSLTLS", pkgConfig: "libssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),

        // Shared by verifier, client and issuer.
        swift("JOSE"),
        swift("SharedState"),
        swift("LocalFiles"),
        swift("HTTPFetching", ["JOSE", "SharedState"]),
        swift("RSAVerification", ["COpenSSL"]),
        swift("StatusList", ["CZlib"]),

        // Each fails with a message of ours if a product is used without its trait.
        swift("RequiresHTTPClient", at: "Sources/RequiredTraits/HTTPClient"),
        swift("RequiresHummingbird", at: "Sources/RequiredTraits/Hummingbird"),
        swift("RequiresOperations", at: "Sources/RequiredTraits/Operations"),

        // The verifier.
        swift(
            "SignetVerifier", ["HTTPFetching", "JOSE", "LocalFiles", "RSAVerification", "SharedState", "StatusList"]),
        swift(
            "SignetVerifierHTTP",
            [
                "RequiresHTTPClient",
                "HTTPFetching", asyncHTTPClient(ifHTTPClient), nio("NIOCore", ifHTTPClient),
                nio("NIOHTTP1", ifHTTPClient),
            ]),
        swift(
            "SignetVerifierHummingbird",
            [
                "RequiresHummingbird",
                "SharedState", "SignetVerifier", httpTypes(ifHummingbird), hummingbird("Hummingbird", ifHummingbird),
                log("Logging", ifHummingbird),
            ]),
        swift(
            "SignetVerifierOperations",
            [
                "RequiresOperations",
                "SharedState", "SignetVerifier",
                .product(name: "CoreMetrics", package: "swift-metrics", condition: ifOperations),
                lifecycle("ServiceLifecycle", ifOperations), log("Logging", ifOperations),
            ]),
        swift(
            "SignetTesting",
            ["HTTPFetching", "JOSE", "RSASigning", "RSAVerification", "SharedState", "SignetVerifier", "StatusList"]),

        // The client.
        swift("SignetClient", ["HTTPFetching", "JOSE", "LocalFiles", "SharedState"]),

        // The issuer.
        swift("RSASigning", ["COpenSSL", "RSAVerification"]),
        swift("SignetStore"),
        // SignetStore: for `Timestamp` alone.
        swift("SignetKeyring", ["CSodium", "JOSE", "LocalFiles", "RSASigning", "RSAVerification", "SignetStore"]),
        swift("SignetStoreLMDB", ["CLMDB", "SignetStore", metrics]),
        swift("PrometheusExposition", [metrics]),
        swift(
            "OpenSSLFetching",
            [
                "COpenSSLTLS", "HTTPFetching", nio("NIOCore", ifIssuer), nio("NIOHTTP1", ifIssuer),
                nio("NIOPosix", ifIssuer),
            ]),
        swift(
            "SignetIssuer",
            [
                "CSodium", "HTTPFetching", "JOSE", "RSAVerification", "SignetKeyring", "SignetStore", "SignetVerifier",
                "StatusList", metrics, log("Logging", ifIssuer),
            ]),
        swift(
            "SignetAPI",
            [
                "HTTPFetching", "JOSE", "SharedState", "SignetIssuer", "SignetKeyring", "SignetStore", "SignetVerifier",
                httpTypes(ifIssuer),
            ]),
        swift(
            "SignetServer",
            [
                "HTTPFetching", "LocalFiles", "PrometheusExposition", "SignetAPI", "SignetIssuer", "SignetKeyring",
                "SignetStore", metrics, httpTypes(ifIssuer), hummingbird("Hummingbird", ifIssuer),
                hummingbird("HummingbirdCore", ifIssuer), log("Logging", ifIssuer), nio("NIOCore", ifIssuer),
                nio("NIOHTTP1", ifIssuer), nio("NIOPosix", ifIssuer), lifecycle("ServiceLifecycle", ifIssuer),
                lifecycle("UnixSignals", ifIssuer),
            ]),
        swift(
            "signet", as: .executable,
            [
                "HTTPFetching", "JOSE", "LocalFiles", "OpenSSLFetching", "PrometheusExposition", "SignetIssuer",
                "SignetKeyring", "SignetServer", "SignetStore", "SignetStoreLMDB", "SignetVerifier", argumentParser,
                log("Logging", ifIssuer),
            ]),

        // Benchmarks of targets that no product offers. Benchmarks/Package.swift holds those of products.
        .target(
            name: "CSigningFloor", path: "Benchmarks/CSigningFloor", linkerSettings: [.linkedLibrary("crypto")]),
        swift("BenchmarkRun", at: "Benchmarks/Sources/BenchmarkRun", []),
        swift(
            "issuer-benchmarks", as: .executable, at: "Benchmarks/Issuer",
            [
                "BenchmarkRun", "CSigningFloor", "SignetIssuer", "SignetKeyring", "SignetStore", "SignetStoreLMDB",
                argumentParser,
                log("Logging", ifIssuer),
            ]),
        .executableTarget(name: "http-load", path: "Benchmarks/HTTPLoad"),
        swift(
            "http-floor", as: .executable, at: "Benchmarks/HTTPFloor",
            [
                "BenchmarkRun", "CSigningFloor", "CSodium", argumentParser, hummingbird("Hummingbird", ifIssuer),
                log("Logging", ifIssuer), nio("NIOCore", ifIssuer), nio("NIOHTTP1", ifIssuer),
                nio("NIOPosix", ifIssuer),
            ]),

        // What several test targets share.
        swift("TestSupport", at: "Tests/Support", ["HTTPFetching", "SharedState"]),
        swift(
            "TestVectors", at: "Tests/Vectors", excluding: ["README.md", "jwt_corpus.json", "password_hashes.json"]),
        swift("StoreContract", at: "Tests/StoreContract", ["SignetStore"]),
        swift("MemoryStore", at: "Tests/MemoryStore", ["SignetStore"]),

        // Programs that tests kill, and the C that makes their system calls fail.
        .target(name: "CDiskFaults", path: "Tests/Processes/CDiskFaults"),
        swift(
            "store-process", as: .executable, at: "Tests/Processes/Store",
            ["CDiskFaults", "SignetStore", "SignetStoreLMDB"]),
        swift(
            "keyring-process", as: .executable, at: "Tests/Processes/Keyring",
            ["CDiskFaults", "SignetKeyring", "SignetStore"]),
        swift(
            "session-process", as: .executable, at: "Tests/Processes/Session",
            ["CDiskFaults", "SignetClient", "SignetVerifierHTTP"]),
        swift(
            "rotation-verifier", as: .executable, at: "Tests/Processes/RotationVerifier",
            ["SignetVerifier", "SignetVerifierHTTP"]),

        tests("JOSETests", ["JOSE", "RSAVerification", "TestVectors"]),
        tests("SharedStateTests", ["SharedState", "TestSupport"]),
        tests("LocalFilesTests", ["LocalFiles", "TestSupport"]),
        tests("HTTPFetchingTests", ["TestSupport", "HTTPFetching", "SharedState"]),
        tests("RSAVerificationTests", ["RSAVerification", "TestVectors"]),
        tests("RSASigningTests", ["JOSE", "RSASigning", "RSAVerification", "TestVectors"]),
        tests("StatusListTests", ["StatusList"]),
        tests(
            "SignetVerifierTests",
            [
                "TestSupport",
                "HTTPFetching", "JOSE", "LocalFiles", "RSASigning", "RSAVerification", "SharedState", "SignetTesting",
                "SignetVerifier", "StatusList", "TestVectors",
            ]),
        tests(
            "SignetVerifierHTTPTests",
            [
                "HTTPFetching", "SharedState", "SignetTesting", "SignetVerifier", "SignetVerifierHTTP",
                asyncHTTPClient(ifHTTPClient), nio("NIOCore", ifHTTPClient), nio("NIOHTTP1", ifHTTPClient),
                nio("NIOPosix", ifHTTPClient),
            ]),
        tests(
            "SignetVerifierHummingbirdTests",
            [
                "SignetTesting", "SignetVerifier", "SignetVerifierHTTP", "SignetVerifierHummingbird",
                httpTypes(ifHummingbird), hummingbird("Hummingbird", ifHummingbird),
                hummingbird("HummingbirdTesting", ifHummingbird), log("InMemoryLogging", ifHummingbird),
                log("Logging", ifHummingbird),
            ]),
        tests(
            "SignetVerifierOperationsTests",
            [
                "SharedState", "SignetTesting", "SignetVerifier", "SignetVerifierOperations", "TestSupport",
                .product(name: "CoreMetrics", package: "swift-metrics", condition: ifOperations),
                .product(name: "MetricsTestKit", package: "swift-metrics", condition: ifOperations),
                lifecycle("ServiceLifecycle", ifOperations), log("InMemoryLogging", ifOperations),
                log("Logging", ifOperations),
            ]),
        tests("SignetTestingTests", ["SignetClient", "SignetTesting", "SignetVerifier"]),
        tests(
            "SignetClientTests", ["LocalFiles", "TestSupport", "HTTPFetching", "JOSE", "SharedState", "SignetClient"]),
        tests(
            "DocumentationTests",
            [
                "SignetClient", "SignetTesting", "SignetVerifier", "SignetVerifierHTTP", "SignetVerifierHummingbird",
                "SignetVerifierOperations", asyncHTTPClient(ifHTTPClient), httpTypes(ifHummingbird),
                hummingbird("Hummingbird", ifHummingbird),
                hummingbird("HummingbirdTesting", ifHummingbird), log("Logging", ifHummingbird),
                nio("NIOHTTP1", ifHTTPClient),
            ]),
        tests("PrometheusExpositionTests", ["PrometheusExposition", metrics]),
        tests(
            "OpenSSLFetchingTests",
            [
                "HTTPFetching", "OpenSSLFetching", "SharedState", "TestSupport", nio("NIOCore", ifIssuer),
                nio("NIOPosix", ifIssuer),
            ]),
        tests("SignetStoreTests", ["MemoryStore", "SignetStore", "StoreContract"]),
        tests(
            "SignetStoreLMDBTests",
            ["TestSupport", "PrometheusExposition", "SignetStore", "SignetStoreLMDB", "StoreContract", "store-process"]),
        tests(
            "SignetKeyringTests",
            [
                "TestSupport",
                "HTTPFetching", "JOSE", "RSASigning", "RSAVerification", "SignetKeyring", "SignetStore",
                "SignetVerifier", "StatusList", "keyring-process",
            ]),
        tests(
            "SignetIssuerTests",
            [
                "TestVectors",
                "TestSupport",
                "JOSE", "MemoryStore", "PrometheusExposition", "RSASigning", "RSAVerification", "SignetIssuer",
                "SignetKeyring",
                "SignetStore", "SignetStoreLMDB", "SignetVerifier", "StatusList", log("InMemoryLogging", ifIssuer),
                log("Logging", ifIssuer),
            ]),
        tests(
            "SignetAPITests",
            [
                "HTTPFetching", "JOSE", "MemoryStore", "SharedState", "SignetAPI", "SignetIssuer", "SignetKeyring",
                "SignetStore", "TestSupport", httpTypes(ifIssuer), log("Logging", ifIssuer),
            ]),
        tests(
            "SignetServerTests",
            [
                "HTTPFetching",
                "TestSupport",
                "PrometheusExposition", "SharedState", "SignetAPI", "SignetIssuer", "SignetKeyring", "SignetServer",
                "SignetStore", "SignetStoreLMDB", httpTypes(ifIssuer),
                hummingbird("Hummingbird", ifIssuer), hummingbird("HummingbirdCore", ifIssuer),
                log("InMemoryLogging", ifIssuer), log("Logging", ifIssuer), nio("NIOCore", ifIssuer),
                nio("NIOEmbedded", ifIssuer), nio("NIOHTTP1", ifIssuer),
            ]),
        tests(
            "EndToEndTests",
            [
                "TestSupport",
                "SignetAPI", "SignetClient", "SignetIssuer", "SignetKeyring", "SignetServer", "SignetStore",
                "SignetStoreLMDB", "SignetVerifier", "SignetVerifierHTTP", "session-process", "signet",
                asyncHTTPClient(ifIssuer),
                httpTypes(ifIssuer),
                log("Logging", ifIssuer), nio("NIOCore", ifIssuer), nio("NIOFoundationCompat", ifIssuer),
                nio("NIOHTTP1", ifIssuer), nio("NIOPosix", ifIssuer),
                .product(name: "Yams", package: "Yams", condition: ifIssuer),
            ]),
    ]
)

// MARK: - Targets

enum Kind { case library, executable }

/// A Swift target of the package, in `Sources/<name>` unless `path` says otherwise.
func swift(
    _ name: String, as kind: Kind = .library, at path: String? = nil, excluding: [String] = [],
    _ dependencies: [Target.Dependency] = []
) -> Target {
    switch kind {
    case .library:
        .target(
            name: name, dependencies: dependencies, path: path, exclude: excluding, swiftSettings: strict)
    case .executable:
        .executableTarget(
            name: name, dependencies: dependencies, path: path, exclude: excluding, swiftSettings: strict)
    }
}

/// A test target, in `Tests/<name>`.
func tests(_ name: String, excluding: [String] = [], _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: excluding, swiftSettings: strict)
}

// MARK: - Products of other packages

func asyncHTTPClient(_ condition: TargetDependencyCondition?) -> Target.Dependency {
    .product(name: "AsyncHTTPClient", package: "async-http-client", condition: condition)
}
func httpTypes(_ condition: TargetDependencyCondition?) -> Target.Dependency {
    .product(name: "HTTPTypes", package: "swift-http-types", condition: condition)
}
func hummingbird(_ product: String, _ condition: TargetDependencyCondition?) -> Target.Dependency {
    .product(name: product, package: "hummingbird", condition: condition)
}
func lifecycle(_ product: String, _ condition: TargetDependencyCondition?) -> Target.Dependency {
    .product(name: product, package: "swift-service-lifecycle", condition: condition)
}
func log(_ product: String, _ condition: TargetDependencyCondition?) -> Target.Dependency {
    .product(name: product, package: "swift-log", condition: condition)
}
func nio(_ product: String, _ condition: TargetDependencyCondition?) -> Target.Dependency {
    .product(name: product, package: "swift-nio", condition: condition)
}
