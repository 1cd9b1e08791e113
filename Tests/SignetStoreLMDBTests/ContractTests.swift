import SignetStoreLMDB
import StoreContract
import TestSupport
import Testing

@Suite("LMDBStore holds to the store contract")
struct ContractTests {
    @Test(arguments: StoreContract.clauses)
    func holds(clause: StoreContract.Clause) async throws {
        let directory = TemporaryDirectory()
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        try await clause.verify(store)
    }
}
