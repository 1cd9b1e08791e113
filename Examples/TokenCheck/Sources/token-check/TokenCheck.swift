import SignetVerifier

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads one access token per line, and writes one line per token: `accepted` with its claims, or `refused` with the
/// reason.
@main
struct TokenCheck {
    static func main() async {
        do {
            let settings = try Settings(CommandLine.arguments.dropFirst())
            let policy = try VerificationPolicy(
                issuer: settings.issuer, audiences: [settings.audience], requiredScopes: settings.scopes)
            // Reads the file again after another program has replaced it.
            let keys = try FileKeySource(path: settings.keys)
            exit(await check(with: Verifier(policy: policy, keys: keys)) ? 0 : 1)
        } catch let error as Settings.InvalidArgument {
            fail("\(error.text)\n\n\(Settings.usage)", code: 64)
        } catch {
            fail("\(error)", code: 78)
        }
    }

    /// Checks all tokens of the standard input. Returns whether all were accepted.
    private static func check(with verifier: Verifier) async -> Bool {
        var areAllGood = true
        while let token = readLine() {
            do {
                let verified = try await verifier.verify(token)
                let scopes = verified.scopes.sorted().joined(separator: " ")
                write("accepted sub=\(verified.subject ?? "none") scope=\"\(scopes)\"\n", to: STDOUT_FILENO)
            } catch {
                areAllGood = false
                write("refused \(error)\n", to: STDOUT_FILENO)
            }
        }
        return areAllGood
    }

    private static func fail(_ text: String, code: Int32) -> Never {
        write("token-check: \(text)\n", to: STDERR_FILENO)
        exit(code)
    }

    /// Writes at once, so that a program that reads the output through a pipe does not wait for a full buffer.
    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { platformWrite(descriptor, $0) }
            guard count > 0 else { exit(74) }
            rest.removeFirst(count)
        }
    }

    private static func platformWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
            Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}

/// The settings of the program.
struct Settings {
    let keys: String
    let issuer: String
    let audience: String
    let scopes: Set<String>

    static let usage = "usage: token-check --keys FILE --issuer URL [--audience NAME] [--scope SCOPE] < TOKENS"

    struct InvalidArgument: Error {
        let text: String
    }

    init(_ arguments: ArraySlice<String>) throws(InvalidArgument) {
        var given: [String: String] = [:]
        var rest = arguments
        while let flag = rest.popFirst() {
            guard ["--keys", "--issuer", "--audience", "--scope"].contains(flag) else {
                throw InvalidArgument(text: "unknown argument \(flag)")
            }
            guard let value = rest.popFirst() else { throw InvalidArgument(text: "\(flag) needs a value") }
            given[flag] = value
        }
        guard let keys = given["--keys"], let issuer = given["--issuer"] else {
            throw InvalidArgument(text: "--keys and --issuer are required")
        }
        self.keys = keys
        self.issuer = issuer
        // An issuer without an audience setting puts its own URL into the `aud` claim.
        audience = given["--audience"] ?? issuer
        scopes = Set(given["--scope"].map { [$0] } ?? [])
    }
}
