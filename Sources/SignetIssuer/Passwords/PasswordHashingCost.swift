/// What one Argon2id hash costs: time and memory, one lane.
///
/// ``standard`` is also the floor for anything that faces a network: 19 MiB and 2 passes are the least that is
/// recommended for Argon2id. The server always uses it; there is no setting below.
package struct PasswordHashingCost: Sendable, Hashable {
    /// 2 passes over 19 MiB.
    package static let standard = PasswordHashingCost(passes: 2, kibibytes: 19 * 1024)

    /// The `t` of the PHC string: at least 1.
    package let passes: Int
    /// The `m` of the PHC string: at least 8.
    package let kibibytes: Int

    package init(passes: Int, kibibytes: Int) {
        precondition((1...64).contains(passes) && (8...1_048_576).contains(kibibytes), "cost out of Argon2's bounds")
        self.passes = passes
        self.kibibytes = kibibytes
    }
}
