import HTTPFetching
import SignetVerifier
import SignetVerifierHTTP

/// Where `token verify` finds the keys.
enum KeyLocation {
    case file(String)
    case url(String)
    case metadata(issuer: String)

    init(jwks: String?, issuer: String?) {
        switch (jwks, issuer) {
        case (let jwks?, _) where jwks.hasPrefix("https://") || jwks.hasPrefix("http://"): self = .url(jwks)
        case (let jwks?, _): self = .file(jwks)
        case (nil, let issuer): self = .metadata(issuer: issuer ?? "")
        }
    }

    /// - Throws: ``Failure`` with exit code 2, or a `ConfigurationError`.
    func source() async throws -> any KeySource {
        switch self {
        case .file(let path):
            // One byte more than a JWKS document may have, so that an endless file ends and is refused as too large.
            guard let document = try? BoundedFile.read(path, upTo: 256 * 1024 + 1) else {
                throw Failure("the JWKS file cannot be read", exitCode: 2)
            }
            return StaticKeySource(try KeySet(jwks: document))
        case .url(let url):
            return try RemoteKeySource(jwksURL: url, fetcher: HTTPClientFetcher.shared)
        case .metadata(let issuer):
            return try RemoteKeySource(issuer: issuer, fetcher: HTTPClientFetcher.shared)
        }
    }
}
