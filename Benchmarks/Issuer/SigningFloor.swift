import CSigningFloor

/// The lower bound for every issuer that uses OpenSSL: a C loop of RSA-2048 signatures.
@safe
final class SigningFloor: @unchecked Sendable {
    // Sendable: a single task uses the object.
    private let pointer: OpaquePointer

    init() throws {
        guard let floor = unsafe signet_signing_floor_new() else { throw Failure() }
        unsafe pointer = floor
    }

    deinit { unsafe signet_signing_floor_free(pointer) }

    /// Signs `count` messages of 480 bytes, the length of a typical access token's header and payload.
    func sign(_ count: Int) throws {
        guard unsafe signet_signing_floor_sign(pointer, 480, count) == count else { throw Failure() }
    }

    private struct Failure: Error {}
}
