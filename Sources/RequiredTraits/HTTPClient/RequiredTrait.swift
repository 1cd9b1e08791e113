// A package that uses SignetVerifierHTTP without the trait `HTTPClient` cannot be built. This file makes the compiler
// name the missing trait instead of "no such module".

#if !HTTPClient
    #error("SignetVerifierHTTP needs its package trait. In Package.swift, write traits: [\"HTTPClient\"]")
#endif
