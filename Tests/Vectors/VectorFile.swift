public import Foundation

/// The files of test data that lie beside the repository and are read in place.
public enum VectorFile: String, Sendable, CaseIterable {
    case jwtCorpus = "jwt_corpus.json"
    case rfc = "rfc_vectors.json"
    case wycheproofJWS = "wycheproof_jws_rs256_only.json"
    case wycheproofVerify = "wycheproof_rsa_pkcs1_sha256_verify.json"
    case wycheproofWrongHash = "wycheproof_rsa_pkcs1_wronghash_verify.json"
    case wycheproofSign = "wycheproof_rsa_pkcs1_sha256_siggen.json"
    case passwordHashes = "password_hashes.json"
    case commonPasswords = "common_passwords_zxcvbn_47k.txt"

    /// The directory of the files: `shared/vectors` beside the root of the repository.
    public static let directory: URL = {
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root.appending(path: "shared/vectors", directoryHint: .isDirectory)
    }()

    /// For `.enabled(if:)`: whether the tests on vectors are to run. They are skipped only where the directory is missing
    /// and no CI insists on it (`CI=true`), so that a clone alone can be tested.
    public static var areExpected: Bool {
        ProcessInfo.processInfo.environment["CI"] == "true"
            || FileManager.default.fileExists(atPath: directory.path(percentEncoded: false))
    }

    /// The file as it is.
    public func contents() throws -> Data {
        try Data(contentsOf: Self.directory.appending(path: rawValue))
    }

    /// The cases of the file, each with none but `knownKeys`; no cases at all where ``areExpected`` is false.
    ///
    /// - Parameter path: the members to follow from the document's top to the array of cases.
    public func cases(at path: [String] = ["cases"], knownKeys: Set<String>) throws -> [VectorCase] {
        guard Self.areExpected else { return [] }
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
