package import SignetStore

/// The contract of every store, as a list of clauses. Each clause is checked with a new, empty store.
///
/// The tests of each store type run all clauses: `@Test(arguments: StoreContract.clauses)`.
package enum StoreContract {
    /// One requirement: a sentence, and a check that fails if a store does not meet it.
    package struct Clause: Sendable, CustomStringConvertible {
        package let description: String
        private let check: @Sendable (any LocalStore) async throws -> Void

        init(_ sentence: String, _ check: @escaping @Sendable (_ store: any LocalStore) async throws -> Void) {
            description = sentence
            self.check = check
        }

        /// Checks `store` against this clause. Records a test issue for each violation.
        /// - Parameter store: a new, empty store.
        package func verify(_ store: any LocalStore) async throws {
            try await check(store)
        }
    }

    /// A requirement whose check needs no closures on transactions.
    package struct StoreClause: Sendable, CustomStringConvertible {
        package let description: String
        private let check: @Sendable (any Store) async throws -> Void

        init(_ sentence: String, _ check: @escaping @Sendable (_ store: any Store) async throws -> Void) {
            description = sentence
            self.check = check
        }

        /// Checks `store` against this clause; see ``Clause/verify(_:)``.
        package func verify(_ store: any Store) async throws { try await check(store) }
    }

    /// The contract of a store whose transactions run in this process.
    package static var clauses: [Clause] {
        decisions.map { clause in Clause(clause.description) { try await clause.verify($0) } } + users + families
            + clients + revocations + sweeping + audit + statusLists + transactions
    }
}
