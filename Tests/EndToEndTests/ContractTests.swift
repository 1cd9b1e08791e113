import HTTPTypes
import Logging
import SignetAPI
import SignetIssuer
import SignetKeyring
import SignetStoreLMDB
import TestSupport
import Testing

@Suite("openapi.yaml and the router agree")
struct ContractTests {
    @Test func `Both have the same operations with the same statuses`() throws {
        let identifier = try #require(IssuerIdentifier("http://localhost:5000"))
        let directory = TemporaryDirectory()
        let store = try LMDBStore.open(path: directory.path("data"))
        defer { store.close() }
        let issuer = try Issuer(
            configuration: IssuerConfiguration(identifier: identifier.text, audience: identifier.text), store: store,
            keyring: try Keyring.open(directory: directory.path("keys")), passwords: PasswordHasher(threads: 1),
            logger: Logger(label: "test"))
        let routes = API(issuer: issuer, identifier: identifier).table.endpoints.map { route in
            (Contract.Operation(method: route.method.rawValue, path: route.path), route.statuses)
        }
        let routed = try Dictionary(routes) { _, _ in throw TwoRoutes() }
        for operation in Set(routed.keys).union(Contract.shared.statuses.keys).sorted() {
            #expect(routed[operation] == Contract.shared.statuses[operation], "\(operation)")
        }
    }

    struct TwoRoutes: Error {}

    @Test func `Every operation has a unique id in lower camel case`() {
        let ids = Contract.shared.operationIDs
        #expect(ids.count == Contract.shared.statuses.count)
        #expect(Set(ids.values).count == ids.count)
        #expect(ids.values.allSatisfy { id in id.wholeMatch(of: /[a-z][A-Za-z]+/) != nil })
    }
}
