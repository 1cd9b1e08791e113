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
