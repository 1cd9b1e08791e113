import Hummingbird
import SignetVerifierHummingbird

struct OrdersContext: BearerRequestContext {
    var coreContext: CoreRequestContextStorage
    var identity: Customer?

    init(source: Source) { coreContext = CoreRequestContextStorage(source: source) }
}
