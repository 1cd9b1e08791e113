import CFloor
import Foundation

/// The floor of the benchmark: a C loop of SHA-256 and EVP_PKEY_verify over the fixture's token. It is the least work
/// that any verifier using OpenSSL must do.
@safe
final class Floor: @unchecked Sendable {
    // Why `@unchecked Sendable` is safe: only one task at a time uses a `Floor`, because the benchmark measures the
    // compared implementations one after the other.
    private let pointer: OpaquePointer

    init(_ fixture: Fixture) throws {
        let keys = try JSONDecoder().decode(PublicNumbers.Document.self, from: Data(fixture.jwks)).keys
        let parts = fixture.token.split(separator: ".")
        guard keys.count == 1, let key = keys.first, parts.count == 3,
            let modulus = PublicNumbers.bytes(key.n), let exponent = PublicNumbers.bytes(key.e),
            let signature = PublicNumbers.bytes(parts[2])
        else { throw Fixture.Unusable(description: "expected one RSA key and a compact JWS") }
        let message = Array("\(parts[0]).\(parts[1])".utf8)
        let floor = unsafe signet_floor_new(
            modulus, modulus.count, exponent, exponent.count, message, message.count, signature, signature.count)
        guard let floor = unsafe floor else {
            throw Fixture.Unusable(description: "the key did not sign the token")
        }
        unsafe pointer = floor
    }

    deinit { unsafe signet_floor_free(pointer) }

    func verify(_ count: Int) throws {
        guard unsafe signet_floor_verify(pointer, count) == count else { throw Failure() }
    }

    func verifyHashed(_ count: Int) throws {
        guard unsafe signet_floor_verify_hashed(pointer, count) == count else { throw Failure() }
    }

    private struct Failure: Error {}
}

/// The modulus and exponent of an RSA JWK in base64url. The benchmark does not validate the two numbers.
private struct PublicNumbers: Decodable {
    struct Document: Decodable {
        let keys: [PublicNumbers]
    }

    let n: String
    let e: String

    /// Decodes base64url text without padding; `nil` if the text is invalid.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let standard = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        let padding = String(repeating: "=", count: (4 - standard.count % 4) % 4)
        return Data(base64Encoded: String(standard) + padding).map { [UInt8]($0) }
    }
}
