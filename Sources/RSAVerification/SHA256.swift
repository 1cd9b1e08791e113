internal import COpenSSL

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// Returns the SHA-256 hash of `bytes`: 32 bytes.
    package static func digest(_ bytes: Span<UInt8>) -> [UInt8] {
        unsafe bytes.withUnsafeBufferPointer { input in
            unsafe [UInt8](unsafeUninitializedCapacity: 32) { output, count in
                let result = unsafe EVP_Digest(
                    input.baseAddress, input.count, output.baseAddress, nil, FetchedDigest.sha256.pointer, nil)
                // The call fails only if OpenSSL cannot allocate a few hundred bytes.
                precondition(result == 1, "OpenSSL cannot compute SHA-256: out of memory")
                count = 32
            }
        }
    }

    /// Returns the SHA-256 hash of `bytes`: 32 bytes.
    package static func digest(_ bytes: [UInt8]) -> [UInt8] { digest(bytes.span) }
}

/// An OpenSSL hash function, fetched once per process. With a function that is not fetched, OpenSSL 3.0 searches its
/// providers at every hash.
@safe
package struct FetchedDigest: @unchecked Sendable {
    // `@unchecked Sendable` is safe: OpenSSL does not change an `EVP_MD` after the fetch, and this `EVP_MD` is never
    // freed.
    package let pointer: OpaquePointer

    /// The hash function SHA-256.
    package static let sha256: FetchedDigest = {
        guard let pointer = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("OpenSSL has no SHA-256: \(OpenSSLErrorQueue.drain())")
        }
        return unsafe FetchedDigest(pointer: pointer)
    }()
}
