// `Scripts/fuzz` compiles this file into a fuzz target, too.

enum Chunks {
    /// Cuts `bytes` at random places.
    /// - Parameter most: the largest number of pieces.
    static func split(_ bytes: [UInt8], into most: Int, using random: inout some RandomNumberGenerator) -> [[UInt8]] {
        guard bytes.count > 1, most > 1 else { return [bytes] }
        let cuts = (1..<most).map { _ in Int.random(in: 1..<bytes.count, using: &random) }.sorted()
        return zip([0] + cuts, cuts + [bytes.count]).map { Array(bytes[$0..<$1]) }.filter { !$0.isEmpty }
    }
}

/// A random number generator (SplitMix64) that returns the same numbers for the same seed.
struct SmallRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
