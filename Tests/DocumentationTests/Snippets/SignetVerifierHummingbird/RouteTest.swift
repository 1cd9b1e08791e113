import Hummingbird
import HummingbirdTesting
import SignetTesting
import SignetVerifier
import SignetVerifierHummingbird
import Testing

struct TestedContext: BearerRequestContext {
    var coreContext: CoreRequestContextStorage
    var identity: VerifiedToken?

    init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
}

@Test func `an order list needs a token`() async throws {
    let issuer = try TestIssuer()
    let router = Router(context: TestedContext.self)
    router.group("orders").add(middleware: BearerMiddleware(verifier: try issuer.verifier()))
        .get { _, context in "Orders of \(try context.requireIdentity().subject ?? "nobody")" }
    let authorization = "Bearer \(try issuer.token(subject: "ada"))"
    try await Application(router: router).test(.router) { client in
        try await client.execute(uri: "/orders", method: .get) { #expect($0.status == .unauthorized) }
        try await client.execute(uri: "/orders", method: .get, headers: [.authorization: authorization]) {
            #expect(String(buffer: $0.body) == "Orders of ada")
        }
    }
}
