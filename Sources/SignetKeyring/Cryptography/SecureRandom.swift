import CSodium

// The folder Cryptography wraps the libsodium functions that the keyring and the issuer share. It does not read or
// write files.

/// Random bytes from the system's secure random source.
package enum SecureRandom {
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe randombytes_buf(&bytes, count)
        return bytes
    }
}

/// Comparison of byte arrays whose duration does not reveal where the arrays differ.
package enum ConstantTime {
    /// Whether both arrays hold the same bytes. The duration may reveal whether the lengths differ.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe sodium_memcmp(left, right, left.count) == 0
    }
}
