import ArgumentParser
import HTTPFetching
import JOSE
import SignetVerifier
import SignetVerifierHTTP

/// `signet token verify`
struct TokenVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a token from standard input and print its claims.",
        discussion: """
            Reads one token from standard input, checks it as a service would, and prints its claims as JSON:

              signet token verify --issuer http://localhost:5000 --audience http://localhost:5000 \\
                --jwks http://localhost:5000/.well-known/jwks.json < token.txt

            Without --jwks the keys are found through the issuer's metadata. Without --issuer any issuer is good. Without --audience only a token that is meant \
            for nobody in particular is good.

            Exits with 0 for a good token. For one that is not, prints the error code on standard error, what it means on the \
            next line, and exits with 1; so does a JWKS file whose text is no key set (unusableKeys). Exits with 2 for anything else: a file that \
            cannot be read, keys that cannot be had, wrong arguments.
            """)

    @Option(help: ArgumentHelp("Keys: a JWKS document in a file or at a URL.", valueName: "file-or-url"))
    var jwks: String?
    @Option(help: ArgumentHelp("Issuer that the token must be of.", valueName: "url")) var issuer: String?
    @Option(name: .customLong("audience"), help: "Audience, one of which the token must name (repeatable).")
    var audiences: [String] = []
    @Option(help: ArgumentHelp("How far clocks may differ.", valueName: "seconds")) var leeway: Int64 = 30
    @Option(help: ArgumentHelp("Verify as of this time instead of now.", valueName: "unixtime")) var at: Int64?
    @Option(help: "Media type that the token must have.") var type: TokenType = .accessToken
    @Option(
        name: .customLong("require"),
        help: ArgumentHelp("Claim that must be there (repeatable; default: exp).", valueName: "claim"))
    var required: [String] = []

    func validate() throws {
        guard jwks != nil || issuer != nil else {
            throw ValidationError("Give --jwks, or --issuer to find the keys through its metadata.")
        }
        guard (0...3600).contains(leeway) else { throw ValidationError("--leeway must be from 0 to 3600 seconds.") }
    }

    func run() async throws {
        let token = try TokenInput.read(exitCode: 2)
        let verifier: Verifier
        do {
            let policy = try VerificationPolicy(
                anyIssuerOr: issuer, audiences: Set(audiences), leeway: .seconds(leeway),
                allowedTypes: type.allowedTypes, requiredClaims: required.isEmpty ? ["exp"] : Set(required))
            let source = try await KeyLocation(jwks: jwks, issuer: issuer).source()
            verifier = Verifier(policy: policy, keys: source, now: { [at] in at.map(NumericDate.init) ?? .now })
        } catch let error as ConfigurationError where error.code == .unusableKeys {
            StandardError.write(
                "\(error.code.rawValue)\nThe JWKS document holds no key that can be used (\(error.detail)).")
            throw ExitCode(1)
        } catch let error as ConfigurationError {
            throw Failure(error.detail, exitCode: 2)
        }
        do {
            // Bytes that are not UTF-8 become U+FFFD here, which no part of a token may hold: still malformed.
            let verified = try await verifier.verify(String(decoding: token, as: UTF8.self))
            JSONOutput.print(.object(verified.claims))
        } catch {
            guard !error.isTemporary else { throw Failure("\(error.code.rawValue): \(error.detail)", exitCode: 2) }
            let meaning = CodeMeaning.text(of: error.code)
            StandardError.write("\(error.code.rawValue)\n\(meaning)\(meaning.isEmpty ? "" : " ")(\(error.detail))")
            throw ExitCode(1)
        }
    }
}
