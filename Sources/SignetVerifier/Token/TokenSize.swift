/// The limit for the length of a token.
enum TokenSize {
    /// The longest accepted token in bytes.
    static let maximum = 16_384

    /// Throws `tokenTooLarge` if `token` is longer than ``maximum``.
    static func require(_ token: String) throws(VerificationError) {
        guard token.utf8.count <= maximum else {
            throw VerificationError(
                .tokenTooLarge, "token: expected at most \(maximum) bytes, found \(token.utf8.count)")
        }
    }
}
