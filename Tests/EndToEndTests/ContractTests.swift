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

    @Test(arguments: [
        ("GET", "/nowhere", 200), ("POST", "/api/profile", 200), ("GET", "/api/profile/", 200),
        ("GET", "/api//profile", 200),
        ("DELETE", "/api/sessions/", 204), ("OPTIONS", "/nowhere", 204), ("GET", "/tenant/api/profile", 200),
        ("GET", "/.well-known/openid-configuration/tenant", 200), ("GET", "/api/profile", 418), ("HEAD", "/", 418),
    ])
    func `An answer that openapi yaml does not document is reported`(method: String, path: String, status: Int) {
        #expect(throws: Contract.Undocumented.self) {
            try Contract.shared.check(method: method, url: "http://127.0.0.1:5000\(path)", status: status)
        }
    }

    @Test(arguments: [
        ("GET", "/nowhere", 404), ("POST", "/api/profile", 405), ("NOTHING", "/api/login", 400), ("HEAD", "/", 200),
        ("HEAD", "", 200), ("OPTIONS", "/api/sessions/x", 204),
    ])
    func `A refusal of an unknown path or method needs no documentation`(
        method: String, path: String, status: Int
    ) throws {
        try Contract.shared.check(method: method, url: "http://127.0.0.1:5000\(path)?a=b", status: status)
    }

    @Test func `A contract for an issuer with a path knows the documented paths below it`() throws {
        let contract = Contract.shared.below("/tenant")
        for path in ["/tenant/.well-known/jwks.json", "/.well-known/openid-configuration/tenant", "/tenant/"] {
            try contract.check(method: "HEAD", url: "http://127.0.0.1:5000\(path)", status: 200)
        }
        #expect(throws: Contract.Undocumented.self) {
            try contract.check(method: "HEAD", url: "http://127.0.0.1:5000/tenants/", status: 200)
        }
    }
}
