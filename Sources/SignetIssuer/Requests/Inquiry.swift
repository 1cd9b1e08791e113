import SignetStore

/// A question that the store's records answer. The answer is the same whether the store can answer at once or has to
/// wait.
package struct Inquiry<Answer> {
    private let store: any Store
    private let lookup: StoreLookup
    private let decide: (LoadedRecords) throws -> Answer

    /// Makes an inquiry.
    /// - Parameters:
    ///   - lookup: the records that the answer depends on.
    ///   - decide: makes the answer from the records.
    init(of store: any Store, loading lookup: StoreLookup, _ decide: @escaping (LoadedRecords) throws -> Answer) {
        self.store = store
        self.lookup = lookup
        self.decide = decide
    }

    /// Waits for the store, and returns the answer.
    /// - Throws: an ``IssuerError``, or an error of the function that ``mapResult(_:)`` got.
    package func answer() async throws -> Answer {
        let loaded = try await IssuerError.translating { try await store.load(lookup) }
        return try decide(loaded)
    }

    /// Returns the answer if the store has the records at hand; otherwise `nil`. This method never waits. On `nil`, call
    /// ``answer()``.
    /// - Throws: an ``IssuerError``, or an error of the function that ``mapResult(_:)`` got.
    package func answerAtHand() throws -> Answer? {
        let loaded = try IssuerError.translating { try store.loadAtHand(lookup) }
        return try loaded.map(decide)
    }

    /// Returns the inquiry whose answer is `transform` of this inquiry's answer.
    package func map<Other>(_ transform: @escaping (Answer) throws -> Other) -> Inquiry<Other> {
        mapResult { try transform($0.get()) }
    }

    /// Returns the inquiry whose answer is `transform` of this inquiry's answer or refusal. A failure of the store does
    /// not reach `transform`.
    package func mapResult<Other>(
        _ transform: @escaping (Result<Answer, any Error>) throws -> Other
    ) -> Inquiry<Other> {
        Inquiry<Other>(of: store, loading: lookup) { [decide] loaded in
            try transform(Result { try decide(loaded) })
        }
    }
}
