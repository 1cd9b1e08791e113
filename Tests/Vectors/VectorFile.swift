public import Foundation

/// A file of test data. The JWT corpus and the password hashes are in `Tests/Vectors`. The other files come from other
/// projects and are in `../shared/vectors`, beside the repository.
public enum VectorFile: String, Sendable, CaseIterable {
    case jwtCorpus = "jwt_corpus.json"
    case passwordHashes = "password_hashes.json"
    case rfc = "rfc_vectors.json"
    case wycheproofJWS = "wycheproof_jws_rs256_only.json"
    case wycheproofVerify = "wycheproof_rsa_pkcs1_sha256_verify.json"
    case wycheproofWrongHash = "wycheproof_rsa_pkcs1_wronghash_verify.json"
    case wycheproofSign = "wycheproof_rsa_pkcs1_sha256_siggen.json"

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    /// The directory of test data from other projects: `shared/vectors` beside the root of the repository.
    public static let directory: URL = {
        var root = folder
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.appending(path: "shared/vectors", directoryHint: .isDirectory)
    }()

    /// Whether the tests with data from other projects run; for use with `.enabled(if:)`. They run if the directory of
    /// these files exists, and always in CI (the environment variable `CI` is `true`).
    public static var areExpected: Bool {
        ProcessInfo.processInfo.environment["CI"] == "true"
            || FileManager.default.fileExists(atPath: directory.path(percentEncoded: false))
    }

    /// Whether the file is part of this repository.
    private var isOwn: Bool { self == .jwtCorpus || self == .passwordHashes }

    /// The bytes of the file.
    public func contents() throws -> Data {
        try Data(contentsOf: (isOwn ? Self.folder : Self.directory).appending(path: rawValue))
    }

    /// Returns the test cases of the file; none if the file is outside the repository and ``areExpected`` is `false`.
    ///
    /// - Parameters:
    ///   - path: the members that lead from the top of the document to the array of cases.
    ///   - knownKeys: the keys that the test reads. A case with another key is an error, so that no key is ignored.
    public func cases(at path: [String] = ["cases"], knownKeys: Set<String>) throws -> [VectorCase] {
        guard isOwn || Self.areExpected else { return [] }
        var value = try JSONDecoder().decode(VectorValue.self, from: contents())
        for name in path {
            guard let member = value[name] else {
                throw VectorError("\(rawValue) has no \(path.joined(separator: "."))")
            }
            value = member
        }
        guard let array = value.array, !array.isEmpty else {
            throw VectorError("\(rawValue): expected cases, found none")
        }
        return try array.map { try VectorCase($0, knownKeys: knownKeys) }
    }
}
