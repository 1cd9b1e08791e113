import Synchronization

/// Hands out tokens in a circle.
final class TokenSupply: Sendable {
    private let tokens: [String]
    private let position = Atomic(0)

    init(_ tokens: [String]) { self.tokens = tokens }

    func next() -> String { tokens[position.wrappingAdd(1, ordering: .relaxed).newValue % tokens.count] }
}
