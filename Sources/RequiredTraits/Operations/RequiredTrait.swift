// A package that uses the product SignetVerifierOperations without its trait gets this error, and not "no such module".

#if !Operations
    #error("SignetVerifierOperations needs its package trait. In Package.swift, write traits: [\"Operations\"]")
#endif
