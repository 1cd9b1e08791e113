import CSigningFloor

/// A C loop of RSA-2048 signatures: the least work of any issuer that signs with OpenSSL.
@safe
final class SigningFloor: @unchecked Sendable {
    // The class is Sendable because only one task uses each object.
    private let pointer: OpaquePointer

    init() throws {
        guard let floor = unsafe signet_signing_floor_new() else { throw Failure() }
        unsafe pointer = floor
    }

    deinit { unsafe signet_signing_floor_free(pointer) }

    /// Signs a message `count` times. The message has 480 bytes, like the header and payload of a typical access token.
    func sign(_ count: Int) throws {
        guard unsafe signet_signing_floor_sign(pointer, 480, count) == count else { throw Failure() }
    }

    private struct Failure: Error {}
}
