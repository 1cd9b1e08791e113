import CSodium

/// Argon2id through libsodium, PHC strings in and out. Slow on purpose: never call it on a thread that others wait for.
enum Argon2id {
    /// A PHC string with a fresh salt; `nil` when the memory cannot be had.
    static func hash(_ password: borrowing PasswordBytes, cost: PasswordHashingCost) -> String? {
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let status = unsafe crypto_pwhash_str_alg(
            &text, password.characters, password.count, UInt64(cost.passes), cost.kibibytes * 1024,
            crypto_pwhash_ALG_ARGON2ID13)
        guard status == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether `password` is the one that `hash` was made from. `false` for text that is no Argon2 PHC string.
    static func verify(_ password: borrowing PasswordBytes, against hash: String) -> Bool {
        guard let text = terminated(hash) else { return false }
        return unsafe crypto_pwhash_str_verify(text, password.characters, password.count) == 0
    }

    /// Whether `hash` was made at another cost or in another way.
    static func needsRehash(_ hash: String, cost: PasswordHashingCost) -> Bool {
        guard let text = terminated(hash) else { return true }
        return unsafe crypto_pwhash_str_needs_rehash(text, UInt64(cost.passes), cost.kibibytes * 1024) != 0
    }

    /// A PHC string of this cost that no password matches: its hash is random. Checking against it takes as long as
    /// checking against a real one.
    static func unmatchable(cost: PasswordHashingCost) -> String {
        "$argon2id$v=19$m=\(cost.kibibytes),t=\(cost.passes),p=1$\(randomBase64(bytes: 16))$\(randomBase64(bytes: 32))"
    }

    /// Standard alphabet, no padding, as PHC strings have it.
    private static func randomBase64(bytes count: Int) -> String {
        let bytes = SecureRandom.bytes(count)
        let variant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING
        var text = [CChar](repeating: 0, count: sodium_base64_encoded_len(count, variant))
        _ = unsafe sodium_bin2base64(&text, text.count, bytes, count, variant)
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The C string that libsodium expects, which never reads past `crypto_pwhash_STRBYTES`.
    private static func terminated(_ hash: String) -> [CChar]? {
        let utf8 = hash.utf8
        guard utf8.count < Int(crypto_pwhash_STRBYTES), !utf8.contains(0) else { return nil }
        var text = utf8.map(CChar.init(bitPattern:))
        text += [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES) - text.count)
        return text
    }
}
