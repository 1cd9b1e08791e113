import SignetStoreLMDB
import StoreContract
import TestSupport
import Testing

@Suite("The store contract on LMDB", .timeLimit(.minutes(2)))
struct ContractTests {
    @Test(arguments: StoreContract.clauses)
    func `The store holds to the clause`(clause: StoreContract.Clause) async throws {
        let directory = TemporaryDirectory()
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        try await clause.verify(store)
    }
}
