import CSodium
import SignetKeyring

/// Hashes and checks passwords with Argon2id from libsodium. Hashes are PHC strings. A call takes tens of milliseconds
/// and blocks its thread.
enum Argon2id {
    /// Hashes a password with a random salt. Returns `nil` if there is not enough memory.
    static func hash(_ password: borrowing PasswordBytes, cost: PasswordHashingCost) -> String? {
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let status = unsafe crypto_pwhash_str_alg(
            &text, password.characters, password.count, UInt64(cost.passes), cost.kibibytes * 1024,
            crypto_pwhash_ALG_ARGON2ID13)
        guard status == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Returns `true` if `hash` is a hash of `password`. Returns `false` if `hash` is not an Argon2 PHC string.
    static func verify(_ password: borrowing PasswordBytes, against hash: String) -> Bool {
        guard let text = terminated(hash) else { return false }
        return unsafe crypto_pwhash_str_verify(text, password.characters, password.count) == 0
    }

    /// Returns `true` if `hash` has a cost other than `cost`, or is not an Argon2 PHC string.
    static func needsRehash(_ hash: String, cost: PasswordHashingCost) -> Bool {
        guard let text = terminated(hash) else { return true }
        return unsafe crypto_pwhash_str_needs_rehash(text, UInt64(cost.passes), cost.kibibytes * 1024) != 0
    }

    /// Returns a PHC string that no password matches, because its hash is random. Checking a password against this
    /// string takes as long as checking a password against a real hash of the same cost.
    static func unmatchable(cost: PasswordHashingCost) -> String {
        "$argon2id$v=19$m=\(cost.kibibytes),t=\(cost.passes),p=1$\(randomBase64(bytes: 16))$\(randomBase64(bytes: 32))"
    }

    /// Random bytes as PHC strings encode them: base64 with the standard alphabet and without padding.
    private static func randomBase64(bytes count: Int) -> String {
        let bytes = SecureRandom.bytes(count)
        let variant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING
        var text = [CChar](repeating: 0, count: sodium_base64_encoded_len(count, variant))
        _ = unsafe sodium_bin2base64(&text, text.count, bytes, count, variant)
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Returns the hash as a C string, padded with NUL to `crypto_pwhash_STRBYTES` bytes; `nil` if the hash is too long
    /// or contains NUL.
    private static func terminated(_ hash: String) -> [CChar]? {
        let utf8 = hash.utf8
        guard utf8.count < Int(crypto_pwhash_STRBYTES), !utf8.contains(0) else { return nil }
        var text = utf8.map(CChar.init(bitPattern:))
        text += [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES) - text.count)
        return text
    }
}

/// The cost of one Argon2id hash. The number of lanes (`p` in the PHC string) is always 1.
///
/// The server always uses ``standard``, the minimum that OWASP recommends for Argon2id. No setting lowers it.
package struct PasswordHashingCost: Sendable, Hashable {
    /// 2 passes over 19 MiB.
    package static let standard = PasswordHashingCost(passes: 2, kibibytes: 19 * 1024)

    /// Number of passes over the memory, 1 to 64. The PHC string calls it `t`.
    package let passes: Int
    /// Memory in KiB, 8 to 1,048,576. The PHC string calls it `m`.
    package let kibibytes: Int

    package init(passes: Int, kibibytes: Int) {
        precondition((1...64).contains(passes) && (8...1_048_576).contains(kibibytes), "cost out of Argon2's bounds")
        self.passes = passes
        self.kibibytes = kibibytes
    }
}

/// The bytes of a password. When the value is destroyed, its `deinit` overwrites the bytes with zeros.
struct PasswordBytes: ~Copyable, Sendable {
    /// The password's UTF-8 bytes. Pass this array to C functions only: this type overwrites the array with zeros, but
    /// not a copy of it.
    let characters: [CChar]

    init(_ password: String) { characters = password.utf8.map(CChar.init(bitPattern:)) }

    var count: UInt64 { UInt64(characters.count) }

    deinit {
        unsafe characters.withUnsafeBytes {
            // No other value shares the array's buffer, so this code may overwrite the buffer with zeros.
            unsafe sodium_memzero(UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count)
        }
    }
}
