package import SignetStore

/// What every store must hold to, as a list of clauses that each run against a fresh, empty store.
///
/// A backend's tests run all of them: `@Test(arguments: StoreContract.clauses) func holds(clause) { … }`.
package enum StoreContract {
    /// One promise: a sentence, and the check that fails without it.
    package struct Clause: Sendable, CustomStringConvertible {
        package let description: String
        private let check: @Sendable (any Store) async throws -> Void

        init(_ sentence: String, _ check: @escaping @Sendable (_ store: any Store) async throws -> Void) {
            description = sentence
            self.check = check
        }

        /// Records a test issue for everything that does not hold.
        /// - Parameter store: fresh and empty.
        package func verify(_ store: any Store) async throws {
            try await check(store)
        }
    }

    /// All clauses.
    package static var clauses: [Clause] {
        users + families + clients + revocations + sweeping + audit + statuses + transactions
    }
}
