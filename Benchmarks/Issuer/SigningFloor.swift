import CSigningFloor

/// The C loop that no issuer over OpenSSL can undercut: one RSA-2048 signature after the other.
@safe
final class SigningFloor: @unchecked Sendable {
    // Sendable: one task alone works with it.
    private let pointer: OpaquePointer

    init() throws {
        guard let floor = unsafe signet_signing_floor_new() else { throw Failure() }
        unsafe pointer = floor
    }

    deinit { unsafe signet_signing_floor_free(pointer) }

    /// Signs messages as long as a typical access token's header and payload.
    func sign(_ count: Int) throws {
        guard unsafe signet_signing_floor_sign(pointer, 480, count) == count else { throw Failure() }
    }

    private struct Failure: Error {}
}
