import CSigningFloor

/// RSA-2048 signatures in a C loop. No issuer that signs with OpenSSL can do less work per access token.
@safe
final class SigningFloor: @unchecked Sendable {
    // Why `@unchecked Sendable` is safe: only one task uses each object.
    private let pointer: OpaquePointer

    init() throws {
        guard let floor = unsafe signet_signing_floor_new() else { throw Failure() }
        unsafe pointer = floor
    }

    deinit { unsafe signet_signing_floor_free(pointer) }

    /// Signs a message `count` times. The message has 480 bytes, the size of the header and payload of a typical access
    /// token.
    func sign(_ count: Int) throws {
        guard unsafe signet_signing_floor_sign(pointer, 480, count) == count else { throw Failure() }
    }

    private struct Failure: Error {}
}
