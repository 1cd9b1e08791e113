// A package that uses SignetVerifierHummingbird without the trait `Hummingbird` cannot be built. If SwiftPM does not
// stop the build first, this file makes the compiler name the missing trait instead of "no such module".

#if !Hummingbird
    #error("SignetVerifierHummingbird needs its package trait. In Package.swift, write traits: [\"Hummingbird\"]")
#endif
