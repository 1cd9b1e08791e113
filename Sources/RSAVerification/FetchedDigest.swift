internal import COpenSSL

/// A hash function looked up once: OpenSSL 3.0 otherwise searches its providers at every use.
@safe
package struct FetchedDigest: @unchecked Sendable {
    // Sendable: an EVP_MD does not change after it was fetched, and this one is never freed.
    package let pointer: OpaquePointer

    /// SHA-256.
    package static let sha256: FetchedDigest = {
        guard let pointer = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("OpenSSL has no SHA-256: \(OpenSSLErrorQueue.drain())")
        }
        return unsafe FetchedDigest(pointer: pointer)
    }()
}
