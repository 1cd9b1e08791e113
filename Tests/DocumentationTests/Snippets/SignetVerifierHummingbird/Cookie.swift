import SignetVerifier
import SignetVerifierHummingbird

func pageMiddleware<Context: BearerRequestContext>(verifier: Verifier) -> BearerMiddleware<Context> {
    BearerMiddleware(verifier: verifier, realm: "shop", cookieName: "__Host-access")
}
