import CSodium

// This folder holds what the keyring and the issuer share of libsodium. Formats and key files belong elsewhere.

/// Bytes from the system's random source.
package enum SecureRandom {
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe randombytes_buf(&bytes, count)
        return bytes
    }
}

/// Comparison that takes the same time wherever two values differ.
package enum ConstantTime {
    /// Whether both arrays hold the same bytes. Does not hide whether their lengths differ.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe sodium_memcmp(left, right, left.count) == 0
    }
}
