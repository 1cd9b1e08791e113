import Hummingbird
import Logging
import SignetVerifier
import SignetVerifierHummingbird

/// The scopes that the routes of this service require.
enum Scope {
    /// The scope that a user's login requests.
    static let read = "orders:read"
    /// The scope of a warehouse. An operator gives it to a client.
    static let ship = "orders:ship"
}

func makeRouter(verifier: Verifier, logger: Logger) -> Router<OrdersContext> {
    let router = Router(context: OrdersContext.self)
    router.get("health") { _, _ in HTTPResponse.Status.ok }
    router.get("ready") { _, _ -> HTTPResponse.Status in
        let readiness = await verifier.readiness()
        if !readiness.isReady { logger.warning("not ready", metadata: ["problems": "\(readiness.problems)"]) }
        return readiness.isReady ? .ok : .serviceUnavailable
    }
    router.group("orders")
        .add(middleware: BearerMiddleware(verifier: verifier, scopes: [Scope.read], realm: "orders"))
        .get { _, context in Order.samples(for: try context.requireIdentity().id) }
    router.group("shipments")
        .add(middleware: BearerMiddleware(verifier: verifier, scopes: [Scope.ship], realm: "orders"))
        .post(":order") { _, context in
            Shipment(order: try context.parameters.require("order"), shippedBy: try context.requireIdentity().id)
        }
    return router
}
