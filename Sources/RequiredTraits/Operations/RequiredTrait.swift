// A package that uses SignetVerifierOperations without the trait `Operations` cannot be built. This file makes the
// compiler name the missing trait instead of "no such module".

#if !Operations
    #error("SignetVerifierOperations needs its package trait. In Package.swift, write traits: [\"Operations\"]")
#endif
