import CSodium

/// The bytes of a password, overwritten when they are no longer needed.
struct PasswordBytes: ~Copyable, Sendable {
    /// UTF-8. Hand it to C only; whoever keeps a copy keeps the password.
    let characters: [CChar]

    init(_ password: String) { characters = password.utf8.map(CChar.init(bitPattern:)) }

    var count: UInt64 { UInt64(characters.count) }

    deinit {
        unsafe characters.withUnsafeBytes {
            // The array is not shared, and nobody reads it again.
            unsafe sodium_memzero(UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count)
        }
    }
}
