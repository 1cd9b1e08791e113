import ArgumentParser
import HTTPFetching
import JOSE
import LocalFiles
import OpenSSLFetching
import SignetVerifier

/// `signet token verify`: verifies a token and prints its claims.
struct TokenVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a token from standard input and print its claims as JSON.",
        discussion: """
            Checks the token as a service would:

              signet token verify --issuer http://localhost:5000 \\
                --audience http://localhost:5000 < token.txt

            Without --jwks, the keys are found through the metadata of --issuer.
            Without --issuer, any issuer is accepted, and --jwks is required.
            Without --audience, only a token that has no audience is accepted.

            The command does not read status lists and does not ask the issuer: a token whose session has ended is \
            valid until it expires.

            Exit code 0: the token is valid.
            Exit code 1: the token is not valid, or the JWKS document holds no usable key (unusableKeys). Standard \
            error holds the error code and, on the next line, its meaning.
            Exit code 2: the token was not checked: wrong arguments, an unreadable file, or keys that cannot be fetched.
            """)

    @Option(
        help: ArgumentHelp("JWKS document with the issuer's public keys: a file or a URL.", valueName: "file-or-url"))
    var jwks: String?
    @Option(help: ArgumentHelp("Required issuer (iss claim).", valueName: "url")) var issuer: String?
    @Option(
        name: .customLong("audience"),
        help: ArgumentHelp(
            "Accepted audience (repeatable). The aud claim must name at least one of them.", valueName: "text"))
    var audiences: [String] = []
    @Option(help: ArgumentHelp("Tolerated difference between clocks, in seconds.", valueName: "seconds"))
    var leeway: Int64 = 30
    @Option(
        help: ArgumentHelp("Verify as of this time (in seconds since 1970) instead of now.", valueName: "unixtime"))
    var at: Int64?
    @Option(help: "Required type (typ header).") var type: TokenType = .accessToken
    @Option(
        name: .customLong("require"),
        help: ArgumentHelp(
            """
            Claim that the token must have (repeatable). Replaces the default, exp: to require exp as well, name it \
            too.
            """, valueName: "claim"))
    var required: [String] = []

    func validate() throws {
        guard jwks != nil || issuer != nil else {
            throw ValidationError("Pass --jwks, or pass --issuer to find the keys through the issuer's metadata.")
        }
        guard (0...3600).contains(leeway) else { throw ValidationError("--leeway must be from 0 to 3600 seconds.") }
    }

    func run() async throws {
        let token = try TokenInput.read(exitCode: 2)
        let location = KeyLocation(jwks: jwks, issuer: issuer)
        let verifier: Verifier
        do {
            let policy = try VerificationPolicy(
                anyIssuerOr: issuer, audiences: Set(audiences), leeway: .seconds(leeway),
                allowedTypes: type.allowedTypes, requiredClaims: required.isEmpty ? ["exp"] : Set(required))
            verifier = Verifier(
                policy: policy, keys: try location.source(), now: { [at] in at.map(NumericDate.init) ?? .now })
        } catch let error as ConfigurationError where error.code == .unusableKeys {
            StandardError.write(
                "\(error.code.rawValue)\nThe JWKS document holds no usable key. (\(error.detail))")
            throw ExitCode(1)
        } catch let error as ConfigurationError {
            throw Failure(error.detail, exitCode: 2)
        }
        do {
            // Invalid UTF-8 becomes U+FFFD. The verifier rejects such an input, because a token is ASCII.
            let verified = try await verifier.verify(String(decoding: token, as: UTF8.self))
            JSONOutput.print(.object(verified.claims))
        } catch {
            guard !error.isTemporary else { throw location.failure(error) }
            let meaning = CodeMeaning.text(of: error.code, claims: Self.claims(of: token), issuer: issuer)
            StandardError.write("\(error.code.rawValue)\n\(meaning)\(meaning.isEmpty ? "" : " ")(\(error.detail))")
            throw ExitCode(1)
        }
    }

    /// The claims of an unverified token, for error messages only; empty if they cannot be read.
    private static func claims(of token: [UInt8]) -> JSONObject {
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64URL.decode(parts[1]),
            case .object(let claims)? = try? JSONValue(parsing: bytes)
        else { return [:] }
        return claims
    }
}

/// The token types that the option `--type` accepts.
enum TokenType: String, ExpressibleByArgument, CaseIterable {
    case accessToken = "at+jwt"
    case any

    var allowedTypes: AllowedTypes {
        switch self {
        case .accessToken: .accessToken
        case .any: .any
        }
    }
}

/// Where `signet token verify` finds the public keys.
private enum KeyLocation {
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

    /// Returns a key source that reads the public keys from this location.
    /// - Throws: ``Failure`` with exit code 2 if the JWKS file cannot be read; `ConfigurationError` if the file's
    ///   content, the URL or the issuer is unusable.
    func source() throws -> any KeySource {
        switch self {
        case .file(let path):
            let document: [UInt8]
            do {
                // Read at most one byte more than the maximum size of a JWKS document. If the file is larger, `KeySet`
                // rejects it as too large.
                document = try ReadableFile(path: path, kind: .any).read(upTo: 256 * 1024 + 1)
            } catch {
                throw Failure("the JWKS file cannot be read: \(error.description)", exitCode: 2)
            }
            return StaticKeySource(try KeySet(jwks: document))
        case .url(let url):
            return try RemoteKeySource(jwksURL: url, fetcher: OneShotFetcher())
        case .metadata(let issuer):
            return try RemoteKeySource(issuer: issuer, fetcher: OneShotFetcher())
        }
    }

    /// Returns the command's failure if fetching the public keys from this location failed with `error`.
    func failure(_ error: VerificationError) -> Failure {
        let place =
            switch self {
            case .file(let path): path
            case .url(let url): url
            case .metadata(let issuer): "the metadata of \(issuer)"
            }
        return Failure(
            "\(error.code.rawValue): the keys cannot be fetched from \(place): \(error.detail)", exitCode: 2)
    }
}
