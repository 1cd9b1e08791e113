// A package that uses the product SignetVerifierHummingbird without its trait gets this error, and not "no such module".

#if !Hummingbird
    #error("SignetVerifierHummingbird needs its package trait. In Package.swift, write traits: [\"Hummingbird\"]")
#endif
