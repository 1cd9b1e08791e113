internal import COpenSSL

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// The 32 bytes of the hash.
    package static func digest(_ bytes: Span<UInt8>) -> [UInt8] {
        unsafe bytes.withUnsafeBufferPointer { input in
            unsafe [UInt8](unsafeUninitializedCapacity: 32) { output, count in
                let result = unsafe EVP_Digest(
                    input.baseAddress, input.count, output.baseAddress, nil, FetchedDigest.sha256.pointer, nil)
                // Hashing memory fails only for want of a few hundred bytes of it.
                precondition(result == 1, "SHA-256 is not available")
                count = 32
            }
        }
    }

    /// The 32 bytes of the hash.
    package static func digest(_ bytes: [UInt8]) -> [UInt8] { digest(bytes.span) }
}
