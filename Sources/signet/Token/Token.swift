import ArgumentParser
import JOSE
import LocalFiles

/// `signet token`: the commands that verify and decode an access token.
struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verify or decode an access token from standard input.",
        subcommands: [TokenVerify.self, TokenDecode.self])
}

/// `signet token decode`: prints the header and claims of a token without verifying it.
struct TokenDecode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Print the header and claims of a token from standard input, without verifying it.",
        discussion: """
            Do not trust the output: anybody can make a token that decodes. 'signet token verify' checks a token.

              signet token decode < token.txt
            """)

    func run() async throws {
        let bytes = try TokenInput.read(exitCode: Failure.Code.refused)
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard bytes.count <= CompactJWS.maximumCount, parts.count == 3,
            let header = Self.json(parts[0]), let claims = Self.json(parts[1])
        else {
            throw Failure("the input is not a JWT: expected three base64url parts, the first two of them JSON")
        }
        StandardError.write("Not verified: anybody can make a token with this content.")
        JSONOutput.print(["header": header, "claims": claims, "verified": false])
    }

    private static func json(_ part: ArraySlice<UInt8>) -> JSONValue? {
        Base64URL.decode(part).flatMap { try? JSONValue(parsing: $0) }
    }
}

/// Reads the token from standard input.
enum TokenInput {
    /// Reads standard input and removes one line end (LF or CRLF) after the token.
    /// - Throws: ``Failure`` with `exitCode` if standard input is empty or cannot be read.
    static func read(exitCode: Int32) throws -> [UInt8] {
        var bytes: [UInt8] = []
        // Stop reading an endless input at this limit: the maximum length of a token, two bytes for the line end, and
        // one more byte, with which the verifier finds the input too long.
        let most = CompactJWS.maximumCount + 3
        do {
            bytes = try ReadableFile.standardInput.read(upTo: most)
        } catch {
            throw Failure(error.description, exitCode: exitCode)
        }
        if bytes.last == UInt8(ascii: "\n") {
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        guard !bytes.isEmpty else {
            throw Failure("standard input is empty: expected a token", exitCode: exitCode)
        }
        return bytes
    }
}
