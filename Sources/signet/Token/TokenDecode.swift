import ArgumentParser
import JOSE

/// `signet token decode`
struct TokenDecode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Show what a token says, without verifying anything.",
        discussion: """
            Reads one token from standard input and prints its header and claims as JSON. Nothing is checked: anybody can \
            make a token that decodes. Use 'signet token verify' to know whether it is good.
            """)

    func run() async throws {
        let bytes = try TokenInput.read(exitCode: Failure.Code.refused)
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard bytes.count <= CompactJWS.maximumCount, parts.count == 3,
            let header = Self.json(parts[0]), let claims = Self.json(parts[1])
        else {
            throw Failure("the input is not a JWT: expected three base64url parts, the first two of them JSON")
        }
        StandardError.write("Not verified: nothing below can be trusted.")
        JSONOutput.print(["header": header, "claims": claims, "verified": false])
    }

    private static func json(_ part: ArraySlice<UInt8>) -> JSONValue? {
        Base64URL.decode(part).flatMap { try? JSONValue(parsing: $0) }
    }
}
