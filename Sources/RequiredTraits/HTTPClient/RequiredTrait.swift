// A package that uses the product SignetVerifierHTTP without its trait gets this error, and not "no such module".

#if !HTTPClient
    #error("SignetVerifierHTTP needs its package trait. In Package.swift, write traits: [\"HTTPClient\"]")
#endif
